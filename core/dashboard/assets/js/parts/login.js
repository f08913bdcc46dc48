// SPDX-License-Identifier: MIT
// Logging a connection in by a browser that leaves for another system and comes back, and the steps of a test.
import {html, nothing, mark} from "../ui.js";
import {t, getLanguage} from "../i18n.js";
import {ApiError, send, path} from "../api.js";

const KEY = "koppel.login";

// What is to be gone on with, when the browser comes back: {setup, step, state} or {connection, state}.
export function begun(what) {
  sessionStorage.setItem(KEY, JSON.stringify(what));
}

let said = {bad: "", good: ""}; // how a log-in went, until the page that began it tells

export function told() {
  const now = said;
  said = {bad: "", good: ""};
  return now;
}

// A test that passed needs no answer: what comes behind it, and a word of it.
export async function passed(next) {
  if (next.kind !== "test" || next.test.outcome !== "ok" || next.errors) return {step: next, word: ""};
  const step = await send("POST", path`/setup/${next.setup}`, {lang: getLanguage(), step: next.step, answers: {}});
  return {step, word: `${next.title}: ${next.text}`};
}

// The browser came back with an address: finishes the log-in, and answers where to go on.
export async function came(signal) {
  const query = location.hash.split("?")[1] || "";
  let what = null;
  try {
    what = JSON.parse(sessionStorage.getItem(KEY));
  } catch { /* it is of no use */ }
  sessionStorage.removeItem(KEY);
  if (!what || new URLSearchParams(query).get("state") !== what.state) throw new ApiError(422, {code: "login.unknown"});
  if (what.connection) {
    try {
      await send("POST", path`/connections/${what.connection}/login/finish`, {answer: query}, {signal});
      said.good = t("connections.in");
    } catch (error) {
      if (error.code === undefined) throw error;
      said.bad = error.text;
    }
    return "#/connections/" + encodeURIComponent(what.connection);
  }
  const step = await send("POST", path`/setup/${what.setup}`, {lang: getLanguage(), step: what.step, answers: {answer: query}}, {signal});
  said.good = (await passed(step)).word;
  said.bad = (step.questions || []).flatMap((one) => (one.name === "answer" && one.errors) || []).join("; ");
  return "#/setup";
}

const LOOKS = {ok: "done", warning: "warning", failed: "error", untried: "none"};

// The steps of a test, as they came.
export function stepsOf(steps) {
  return html`<ol class="test">${steps.map((one) => html`<li>${mark(LOOKS[one.outcome], t("login.outcome." + one.outcome))}
    <strong lang="en">${one.step}</strong> ${one.of ? html`<code>${one.of}</code>` : nothing}
    ${one.ms ? html`<small class="muted">${t("login.ms", {n: one.ms})}</small>` : nothing}
    ${one.text ? html`<span lang="en">${one.text}</span>` : nothing}
    ${one.advice ? html`<p lang="en">${one.setting ? html`<strong>${one.title || one.setting}</strong>: ` : nothing}${one.advice}</p>`
      : nothing}</li>`)}</ol>`;
}
