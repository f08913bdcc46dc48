// SPDX-License-Identifier: MIT
// What a person can do about a cause, in place. A remedy is typed (`do`): each type has its own control.
import {html, nothing, words, button, link} from "../ui.js";
import {t} from "../i18n.js";
import {get, send, path} from "../api.js";
import {retry, saved, linkOf} from "./jobs.js";
import {field} from "./form.js";
import "./combobox.js";

const lists = new Map(); // flow/table -> promise of what its rows may lead to

export function choicesOf(flow, table) {
  const key = flow + "/" + table;
  if (!lists.has(key)) {
    const asked = get(path`/flows/${flow}/tables/${table}/choices`).then((out) => out.values);
    asked.catch(() => lists.delete(key));
    lists.set(key, asked);
    setTimeout(() => lists.delete(key), 60000);
  }
  return lists.get(key);
}

async function addRow(one, act, own) {
  const value = own.chosen.get(one.cause);
  if (!value) {
    own.missing = one.cause;
    act.change();
    document.getElementById("becomes-" + one.cause)?.focus();
    return;
  }
  own.missing = null;
  await act.run(async () => {
    saved(await send("POST", path`/config/tables/${one.flow + "/" + one.remedy.table}`, {do: "add", key: one.remedy.value, value}));
    act.say(t("remedy.row_added"));
    await retry(act, own, {cause: one.cause});
    own.chosen.delete(one.cause);
  });
}

function tableRow(one, act, own) {
  const {table, value} = one.remedy;
  const shown = String(value).split("|").join(" | ");
  return html`<div class="fix"><koppel-combobox .name=${"becomes-" + one.cause} .free=${true}
      .label=${t("remedy.becomes", {value: shown, table})}
      .value=${own.chosen.get(one.cause) || ""} .error=${own.missing === one.cause ? t("remedy.choose_first") : ""}
      .load=${() => choicesOf(one.flow, table)} @choose=${(event) => {
        own.chosen.set(one.cause, event.detail);
        own.missing = null;
        act.change();
      }}></koppel-combobox>
    ${button({label: t("remedy.add_retry", {n: one.parked + one.waiting}), kind: "main", run: () => addRow(one, act, own)})}</div>`;
}

// It stands at the destination already: the job ends with what is there.
export async function settleAsDone(act, job) {
  await act.ask({title: t("remedy.done_title"), text: t("remedy.done_text"), confirm: t("remedy.done"), own: {id: "", why: ""},
    body: (own) => html`${field({name: "remote-id", label: t("remedy.id"), required: true, value: own.id, set: (text) => {
      own.id = text;
    }})}${field({name: "why", label: t("jobs.why"), required: true, value: own.why, set: (text) => {
      own.why = text;
    }})}`,
    check: (own) => (own.id.trim() && own.why.trim() ? "" : t("remedy.need_both")),
    run: async (own) => {
      await send("POST", path`/jobs/${job}/done`, {id: own.id.trim(), why: own.why.trim()});
      act.say(t("remedy.was_done"));
      await act.reload();
    }});
}

// one: a row of /causes (cause, flow, job, reason, facts, remedy, parked, waiting); alone: of one record only.
export function remedy(one, state, act, {alone = false} = {}) {
  const what = one.remedy, own = state.own;
  if (!what) return nothing;
  const text = html`<p class="do">${words("remedy." + one.reason, one.facts || {}, what.text)}</p>`;
  if (!state.can("operator")) return text;
  switch (what.do) {
  case "table.add":
    if (state.session.edit === "none") return html`${text}<p class="muted">${t("remedy.no_edit")}</p>`;
    return what.table ? html`${text}${tableRow(one, act, own)}` : text;
  case "setting.set":
    return html`${text}<a class="button" href=${one.facts?.connection ? link("connections/" + one.facts.connection)
      : link("flow/" + one.flow, {tab: "settings"})}>${t("remedy.settings")}</a>`;
  case "resume":
    return html`${text}${button({label: t("remedy.resume"), run: () =>
      act.run(() => send("POST", path`/flows/${one.flow}/resume`), {said: t("remedy.resumed")})})}`;
  case "done":
    return alone ? html`${text}${button({label: t("remedy.done_open"), run: () => settleAsDone(act, one.job)})}`
      : html`${text}<a class="button" href=${linkOf(one.job)}>${t("remedy.look")}</a>`;
  case "edit":
    return html`${text}${alone ? nothing : html`<a class="button" href=${linkOf(one.job)}>${t("remedy.look")}</a>`}`;
  default:
    return text;
  }
}
