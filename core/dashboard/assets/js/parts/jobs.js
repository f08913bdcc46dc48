// SPDX-License-Identifier: MIT
// What activity, error desk and record page share about records: their words, and the orders about them.
import {html, nothing, words, banner, button, icon, progress} from "../ui.js";
import {t, money} from "../i18n.js";
import {send, path, ApiError} from "../api.js";
import {area} from "./form.js";

// Where the list was that a record was opened from.
export const came = {from: "#/activity"};

export const nameOf = (job) => job.brief?.number || job.key;
export const amountOf = (job) => (job.brief?.total ? money(job.brief.total, job.brief.currency) : nothing);
export const linkOf = (address) => "#/record/" + address.split("/").map(encodeURIComponent).join("/");

// Why it stands as it does, in the reader's language; a value that it turns on is a fact.
export function reasonOf(job) {
  return words("reason." + job.reason, job.facts || {}, job.detail || job.text || job.reason);
}

export const isOpen = (job) => job.state === "parked" || job.state === "waiting";

// Tries records again and follows them. body: a filter or {jobs}. own.batch tells how far it is; batchSign() draws it.
export async function retry(act, own, body) {
  const batch = own.batch = {done: 0, of: 0, parked: 0, waiting: 0, task: null, over: false};
  const tell = () => act.change();
  try {
    const out = await send("POST", "/jobs/retry", {...body, wait: true}, {
      onTask: (task) => {
        batch.task = task;
        tell();
      },
      onProgress: (now) => {
        Object.assign(batch, now);
        tell();
      }});
    Object.assign(batch, out.came || {}, {over: true, done: out.count, of: out.hit, cancelled: out.left > 0});
    return out;
  } catch (error) {
    batch.over = true;
    if (error.code !== "task.cancelled") {
      own.batch = null;
      throw error;
    }
    batch.cancelled = true;
    return null;
  }
}

// The record's pages in both systems, where their catalogues know them; masked ones are no addresses.
export function openIn(job) {
  const links = [job.links?.source, job.links?.destination].filter((one) => /^https?:\/\//.test(one?.url || ""));
  return links.length ? html`<span class="open-in">${links.map((one) => html`<a href=${one.url} target="_blank"
    rel="noopener noreferrer">${t("jobs.open_in", {name: one.connection})} ${icon("out")}</a> `)}</span>` : nothing;
}

export function batchSign(act, own) {
  const batch = own.batch;
  if (!batch) return nothing;
  const facts = {done: batch.done, of: batch.of, parked: batch.parked || 0, waiting: batch.waiting || 0};
  if (batch.over) {
    return banner({tone: batch.cancelled || batch.parked ? "warn" : "ok", title: batch.cancelled ? t("jobs.cancelled", facts)
      : t("jobs.tried", {...facts, n: batch.done}), text: batch.parked ? t("jobs.parked_again", {n: batch.parked}) : "",
    action: button({label: t("ui.close"), kind: "quiet", run: () => {
      own.batch = null;
      act.change();
    }})});
  }
  return banner({tone: "info", title: t("jobs.trying"), text: html`${progress({done: batch.done, of: batch.of, label: t("jobs.trying")})}
    ${batch.parked ? html` <span>${t("jobs.parked_again", {n: batch.parked})}</span>` : nothing}`,
  action: batch.task === null ? nothing : button({label: t("ui.cancel"), run: () => send("DELETE", path`/tasks/${batch.task}`)})});
}

// With a plan first: how many would it be, and of which causes? What the person said to it; null: nothing is to be done.
async function planned(act, body, what) {
  const plan = await act.run(() => send("POST", "/jobs/" + what, {...body, plan: true, ...(what === "skip" ? {why: "?"} : {})}), {quiet: true});
  if (!plan) return null;
  if (!plan.hit) {
    act.say(t("jobs.none_left"));
    await act.reload();
    return null;
  }
  return act.ask({title: t(`jobs.${what}_title`, {n: plan.hit}), danger: what === "skip", confirm: t(`jobs.${what}`, {n: plan.hit}),
    text: t(`jobs.${what}_text`), own: {why: ""},
    body: (asked) => html`${plan.causes.length > 1 ? html`<ul class="plan">${plan.causes.map((one) => html`<li><strong>${one.count}</strong>
      ${words("reason." + one.reason, {}, one.reason)}</li>`)}</ul>` : nothing}${what === "skip" ? area({name: "why", rows: 2,
      label: t("jobs.why"), required: true, value: asked.why, set: (text) => {
        asked.why = text;
      }}) : nothing}`,
    check: (asked) => (what === "skip" && !asked.why.trim() ? t("jobs.need_why") : "")});
}

export async function retryAsked(act, own, body) {
  if (await planned(act, body, "retry")) await act.run(() => retry(act, own, body));
}

export async function skipAsked(act, own, body) {
  const asked = await planned(act, body, "skip");
  if (!asked) return;
  await act.run(() => send("POST", "/jobs/skip", {...body, why: asked.why.trim()}), {said: (out) => t("jobs.skipped", {n: out.count})});
}

// A saved edit of a file, or what is wrong with it.
export function saved(out) {
  if (out.saved) return out;
  throw new ApiError(422, {code: out.refused ? "config.refused" : "config.invalid", text: out.refused || "", mistakes: out.mistakes});
}

// ---- as a table for a spreadsheet ----

const FORMULA = /^[=+\-@\t\r]/;

// A cell that a spreadsheet would take for a formula is told to be text; an amount is none.
export function cell(value) {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = FORMULA.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? "'" + text : text;
  return /[",\n\r;]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}
