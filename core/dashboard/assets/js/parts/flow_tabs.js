// SPDX-License-Identifier: MIT
// The tabs of a flow that show what is set: overview, settings, filters, references, schedule.
//
// tools: set(path, value; null: back to the default), value(path), changed(path), error(path), line(path), items() of the
// filter, disabled.
import {html, nothing, pairs, mark, table, link} from "../ui.js";
import {t, ago, number, when} from "../i18n.js";
import {allWords, conditions} from "./conditions.js";
import {endColumns} from "./flow_ends.js";
import {setting} from "./setting_field.js";

const STATE = {running: "running", waiting: "idle", "backing off": "resting", paused: "paused", off: "off", stopped: "stopped",
  "cases fail": "failing", "not here": "failing", "safe mode": "stopped"};

export function stateOf(flow) {
  if (!flow) return nothing;
  const by = /^by hand(?:: (.*))?$/s.exec(flow.paused || "");
  return html`${mark(flow.failing && flow.state !== "paused" ? "failing" : STATE[flow.state] || "off")}
    ${flow.paused ? html`<small class="muted">${by ? by[1] ? t("flow.paused_why", {why: by[1]}) : t("flow.paused_hand")
      : html`<span lang="en">${flow.paused}</span>`}</small>` : nothing}`;
}

// ---- overview ----

export function overview(state) {
  const {status, extra, form} = state.data;
  const runs = extra?.runs || [];
  return html`<section><h2>${t("flow.now")}</h2>${pairs([
    [t("flow.state"), stateOf(status)],
    [t("flow.last_good"), status.last_good ? html`<time datetime=${status.last_good}
      title=${when(status.last_good)}>${ago(status.last_good)}</time>` : t("flow.never")],
    [t("flow.next"), status.next_run ? when(status.next_run) : nothing],
    [t("flow.read"), number(status.read)], [t("flow.done"), number(status.done)], [t("flow.skipped"), number(status.skipped)],
    [t("flow.waiting"), number(status.waiting + status.pending)],
    [t("flow.parked"), status.parked ? html`<a class="alarm" href=${link("errors", {flow: state.rest})}>${number(status.parked)}</a>`
      : number(0)],
    ...endColumns().map(({title, cell}) => [title, cell(form)]),
  ])}
  ${status.last_error ? html`<p class="error" lang="en">${status.last_error.text}</p>` : nothing}</section>
  <section><h2>${t("flow.runs")}</h2>${runs.length ? table({name: "runs", caption: t("flow.runs"), rows: runs,
    key: (run) => String(run.number ?? run.run),
    columns: [
      {name: "at", title: t("flow.run_at"), kind: "main", cell: (run) => when(run.begun ?? run.at)},
      {name: "by", title: t("flow.run_by"), cell: (run) => t("flow.trigger_" + (run.trigger || "schedule"))},
      {name: "read", title: t("flow.read"), kind: "num", cell: (run) => number(run.read)},
      {name: "done", title: t("flow.done"), kind: "num", cell: (run) => number(run.done)},
      {name: "parked", title: t("flow.parked"), kind: "num", cell: (run) => number(run.parked)},
      {name: "error", title: t("flow.run_error"), kind: "wide", cell: (run) => (run.error
        ? html`<span lang="en">${run.error.text ?? run.error}</span>` : nothing)},
    ]}) : html`<p class="muted">${t("flow.no_runs")}</p>`}</section>`;
}

// ---- what can be set ----

function one(f, tools) {
  const value = tools.value(f.path);
  return setting({f, value, line: tools.line(f.path), error: tools.error(f.path), disabled: tools.disabled, changed: tools.changed(f.path),
    set: (next) => tools.set(f.path, next), unset: () => tools.set(f.path, null)});
}

const FIRST = ["on_change", "on_cancel", "invoice_date", "invoice_number", "on_account", "currency", "discounts", "rounding_limit",
  "rounding_account"];
const place = (f) => (FIRST.includes(f.name) ? FIRST.indexOf(f.name) : FIRST.length);
// What a bookkeeper asks for first stands first.
const group = (state, name) => state.data.form.fields.filter((f) => f.group === name).sort((a, b) => place(a) - place(b));
const ADVANCED = ["attempts", "batch", "overlap", "partitions", "shrink/percent", "shrink/records"];

export function settings(state, act, tools) {
  const model = group(state, "settings"), options = group(state, "options");
  const advanced = group(state, "flow").filter((f) => ADVANCED.includes(f.name));
  const open = advanced.some((f) => tools.value(f.path) !== undefined || tools.error(f.path));
  return html`
    ${model.length ? html`<section><h2>${t("flow.settings_model")}</h2><div class="settings">${model.map((f) => one(f,
      tools))}</div></section>` : nothing}
    ${options.length ? html`<section><h2>${t("flow.settings_options", {name: state.data.form.from?.connection ?? ""})}</h2><div
      class="settings">${options.map((f) => one(f, tools))}</div></section>` : nothing}
    <details class="more" ?open=${open}><summary>${t("flow.settings_more")}</summary><div class="settings">${advanced.map((f) => one(f,
      tools))}</div></details>
    ${!model.length && !options.length && !advanced.length ? html`<p class="muted">${t("flow.settings_none")}</p>` : nothing}`;
}

export function references(state, act, tools) {
  const names = [...new Set(state.data.form.fields.map((f) => f.group))].filter((name) => !["flow", "settings", "options"].includes(name));
  if (!names.length) return html`<p class="muted">${t("flow.references_none")}</p>`;
  return html`<p class="help">${t("flow.references_help")}</p>${names.map((name) => html`<section><h2>${t("flow.reference", {name})}</h2>
    <div class="settings">${group(state, name).map((f) => one(f, tools))}</div></section>`)}`;
}

export function schedule(state, act, tools) {
  const own = group(state, "flow").filter((f) => ["enabled", "every"].includes(f.name));
  const {status} = state.data, every = durationMs(tools.value("every") ?? own.find((f) => f.name === "every")?.default);
  const first = status.next_run ? Date.parse(status.next_run) : NaN;
  const next = Number.isNaN(first) || !every ? [] : [0, 1, 2, 3, 4].map((i) => new Date(first + i * every));
  return html`<section><h2>${t("flow.tab_schedule")}</h2><div class="settings">${own.map((f) => one(f, tools))}</div></section>
    <section><h2>${t("flow.next_runs")}</h2>${next.length
      ? html`<ol class="times">${next.map((at) => html`<li><time datetime=${at.toISOString()}>${when(at.toISOString())}</time></li>`)}</ol>`
      : html`<p class="muted">${status.paused ? t("flow.next_paused") : !status.enabled ? t("flow.next_off")
        : t("flow.next_unknown")}</p>`}</section>`;
}

// "5m", "1h 30m" are one unit each in a configuration: "90m".
function durationMs(text) {
  const found = /^(\d+)(ms|s|m|h|d)$/.exec(text || "");
  return found ? Number(found[1]) * {ms: 1, s: 1000, m: 60000, h: 3600000, d: 86400000}[found[2]] : 0;
}

// ---- filters ----

function passing(own) {
  const {pass} = own;
  if (!pass) return t("flow.pass_looking");
  if (pass.error || pass.mistakes.length) return t("flow.pass_unknown");
  if (!pass.records) return t("flow.pass_none");
  return t("flow.pass", {n: pass.records, pass: number(pass.pass)}) + (pass.undecided ? " " + t("flow.pass_undecided",
    {n: pass.undecided}) : "");
}

export function filters(state, act, tools) {
  const fields = state.data.fields?.core || [], items = tools.items();
  const title = (where) => fields.find((f) => f.path === where)?.title || where;
  const error = state.own.plan?.mistakes?.filter((m) => !m.warning && (m.path || "").startsWith(`flows/${state.rest}/filter`)) || [];
  return html`<section><h2>${t("flow.tab_filters")}</h2>
    <p class="sentence">${items.length ? t("flow.filter_says", {text: allWords(items.map((item) => item.data), title)})
      : t("flow.filter_none")}</p>
    <p class="pass" role="status">${passing(state.own)}</p>
    ${conditions({id: "filter", items, fields, disabled: tools.disabled, set: (next) => tools.set("filter", next)})}
    ${error.map((m) => html`<p class="error" lang="en">${m.text}</p>`)}</section>`;
}
