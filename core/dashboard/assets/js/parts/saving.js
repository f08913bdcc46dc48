// SPDX-License-Identifier: MIT
// Edits of a flow on their way into its file: what they would come to while one works, the save that never writes over
// somebody else's, both differences where somebody was quicker, and the patch where the file is not ours to write.
//
// own.match is the digest of the file that the edits were made on; own.plan what the server says of them.
import {html, nothing, button, banner, errorTitle, errorBody} from "../ui.js";
import {t} from "../i18n.js";
import {busy, path, send} from "../api.js";
import {field} from "./form.js";

const SOON = 350; // ms after the last key
let waiting = null;

// Asks what the edits would come to, once there is a pause.
export function planSoon(flow, edits, own, act, accept = []) {
  if (waiting) {
    clearTimeout(waiting.timer);
    waiting.done();
    waiting = null;
  }
  if (!edits.length) {
    own.plan = null;
    return;
  }
  const done = busy();
  const turn = own.turn = (own.turn || 0) + 1;
  waiting = {done, timer: setTimeout(async () => {
    waiting = null;
    let plan;
    try {
      plan = await send("PATCH", path`/flows/${flow}`, {edits, match: own.match, plan: true, accept});
    } catch (error) {
      plan = {error, mistakes: []};
    }
    if (turn === own.turn) act.change(() => {
      own.plan = plan;
      own.conflict = plan.moved ? plan : null;
    });
    done();
  }, SOON)};
}

export const errorsOf = (plan) => (plan?.mistakes || []).filter((one) => !one.warning);
const placeOf = (one) => (one.line ? `${one.file.replace(/^.*\/(?=[^/]+\/[^/]+$)/, "")}:${one.line}` : one.path || one.file);

export function mistakes(list) {
  if (!list.length) return nothing;
  return html`<ul class="mistakes">${list.map((one) => html`<li><code>${placeOf(one)}</code> <span lang="en">${one.text}</span>
    ${one.nearest ? html`<span class="muted">${t("ui.nearest", {name: one.nearest})}</span>` : nothing}</li>`)}</ul>`;
}

// A unified difference; + and - stand at the lines, and a word for readers.
export function diff(text, label) {
  return html`<pre class="diff" tabindex="0" role="region" aria-label=${label}>${text.split("\n").map((line) => {
    const kind = line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@") ? "at" : line[0] === "+" ? "in"
      : line[0] === "-" ? "out" : "";
    return html`<span class=${kind}>${line + "\n"}</span>`;
  })}</pre>`;
}

export const allDiffs = (plan) => (plan?.files || []).map((one) => one.diff).join("");

export async function copy(text, act) {
  try {
    await navigator.clipboard.writeText(text);
    act.say(t("save.copied"));
  } catch {
    act.say(t("save.copy_by_hand"));
  }
}

export function showDiff(text, act, title) {
  return act.ask({title, wide: true, confirm: null, body: () => html`${diff(text, title)}
    <div class="actions">${button({label: t("save.copy"), run: () => copy(text, act)})}</div>`});
}

// Saves; answers true where it was. A file that changed meanwhile is told by own.conflict.
export async function save({flow, edits, own, act, revision, accept = []}) {
  let out = null;
  const asked = await act.ask({title: t("save.title", {version: (revision || 0) + 1}), wide: true, confirm: t("save.confirm",
    {version: (revision || 0) + 1}), own: {why: ""},
    body: (mine) => html`${diff(allDiffs(own.plan), t("save.difference"))}
      ${field({name: "why", label: t("save.why"), help: t("save.why_help"), value: mine.why, set: (text) => {
        mine.why = text;
      }})}`,
    run: async (mine) => {
      try {
        out = await send("PATCH", path`/flows/${flow}`, {edits, match: own.match, accept, ...(mine.why ? {why: mine.why} : {})});
      } catch (error) {
        if (error.code !== "config.changed") throw error;
        out = {saved: false, moved: true};
      }
      return out;
    }});
  if (!asked) return false;
  if (out.moved) {
    await act.run(async () => {
      const plan = await send("PATCH", path`/flows/${flow}`, {edits, match: own.match, plan: true, accept});
      act.change(() => {
        own.plan = own.conflict = plan;
      });
    }, {quiet: true});
    return false;
  }
  if (!out.saved) {
    act.change(() => {
      own.plan = out;
    });
    return false;
  }
  act.say(t("save.saved", {version: out.revision ?? ""}));
  return true;
}

// Somebody was quicker: both differences, and what may be done.
export function conflict({own, mine, theirs, keep, discard}) {
  return html`<section class="conflict" role="alert"><h2>${t("save.moved")}</h2><p>${t("save.moved_text")}</p>
    <div class="two"><div><h3>${t("save.theirs")}</h3>${theirs ? diff(theirs, t("save.theirs"))
      : html`<p class="muted">${t("save.theirs_unknown")}</p>`}</div>
      <div><h3>${t("save.mine")}</h3>${own.conflict.fails ? html`<p class="error" lang="en">${own.conflict.fails}</p>` : diff(mine,
        t("save.mine"))}</div></div>
    <div class="actions">${own.conflict.fails ? nothing : button({label: t("save.keep_mine"), kind: "main", run: keep})}
      ${button({label: t("save.take_theirs"), run: discard})}</div></section>`;
}

// The line at the foot: how many changes, whether they are sound, and what may be done with them.
export function saveBar({n, own, refused, revision, note, act, discard, run, undo}) {
  if (!n) return nothing;
  const wrong = errorsOf(own.plan), cases = wrong.filter((one) => (one.path || "").includes("/cases/"));
  const error = own.plan?.error;
  const sound = own.plan && !error && !wrong.length && !own.conflict;
  return html`<div class="save-bar" role="region" aria-label=${t("save.bar")}>
    <p><strong>${t("save.changes", {n})}</strong> <span role="status">${!own.plan ? t("save.checking") : error ? errorTitle(error)
      : wrong.length ? html`<span class="mark bad">${t("save.mistakes", {n: wrong.length})}</span>${cases.length
        ? html` <span>${t("save.cases_fail", {n: cases.length})}</span>` : nothing}`
      : html`<span class="mark ok">${t("save.sound")}</span>`}</span>${note ? html` <span class="muted">${note}</span>` : nothing}</p>
    ${error ? errorBody(error) : mistakes(wrong)}
    <div class="actions">
      ${undo ? button({label: t("save.undo"), shape: "again", key: "Control+Z", run: undo}) : nothing}
      ${button({label: t("save.see"), disabled: !own.plan || !!error, run: () => showDiff(allDiffs(own.plan), act, t("save.difference"))})}
      ${button({label: t("save.discard"), run: discard})}
      ${refused ? button({label: t("save.patch"), kind: "main", disabled: !own.plan || !!error || wrong.length > 0,
        run: () => showDiff(allDiffs(own.plan), act, t("save.patch_title"))})
        : button({label: t("save.save", {version: (revision || 0) + 1}), kind: "main", key: "Control+S", disabled: !sound, run})}
    </div></div>`;
}

// Before anything is changed: why a file cannot be.
export function locked(form) {
  if (!form.refused) return nothing;
  return banner({tone: "info", title: t("save.locked", {file: form.file}),
    text: html`<span lang="en">${form.refused}</span> ${t("save.locked_text")}`});
}
