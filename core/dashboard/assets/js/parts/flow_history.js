// SPDX-License-Identifier: MIT
// A flow tried on records without writing, and its versions.
import {html, nothing, button, empty, mark, table, words} from "../ui.js";
import {t, when} from "../i18n.js";
import {get, path, send} from "../api.js";
import {check, choice, field} from "./form.js";
import {diff} from "./saving.js";

// ---- dry run ----

const MARKS = {"would be created": "done", "would be changed": "done", "would be removed": "done", "would be corrected": "done",
  "would be sent": "done", skipped: "skipped", parked: "parked", waiting: "waiting", failed: "error"};
const code = (outcome) => outcome.replace(/^would be /, "would_").replace(/\W/g, "_");

async function tryNow(state, act) {
  const {dry} = state.own;
  const body = dry.how === "key" ? {key: dry.key} : {limit: Math.max(1, Math.min(50, Number(dry.n) || 5))};
  await act.run(async () => {
    const out = await send("POST", path`/flows/${state.rest}/preview`, {...body, ...(dry.check ? {check: true} : {})});
    act.change((own) => {
      own.dry.rows = out.rows;
    });
  }, {quiet: true});
}

function fields(row) {
  const rules = (row.explain?.send || []).filter((one) => one.applied && !one.replaced && one.value !== undefined && one.value !== null);
  if (!rules.length) return nothing;
  return html`<details><summary>${t("dry.fields", {n: rules.length})}</summary><dl
    class="values">${rules.map((one) => html`<div><dt><code>${one.to}</code></dt>
    <dd>${typeof one.value === "object" ? JSON.stringify(one.value) : String(one.value)}</dd></div>`)}</dl></details>`;
}

export function dryRun(state, act) {
  if (!state.can("operator")) return html`<p class="muted">${t("dry.no_right")}</p>`;
  const {dry} = state.own;
  const put = (name) => (value) => act.change(() => {
    dry[name] = value;
  });
  return html`<section><h2>${t("dry.title")}</h2><p class="help">${t("dry.help")}</p>
    <form class="filters" @submit=${(event) => {
      event.preventDefault();
      tryNow(state, act);
    }}>
      ${choice({name: "dry-how", label: t("dry.which"), value: dry.how, choices: [{value: "newest", title: t("dry.first")}, {value: "key",
        title: t("dry.key")}], set: put("how")})}
      ${dry.how === "key" ? field({name: "dry-key", label: t("dry.the_key"), value: dry.key, set: put("key")})
        : field({name: "dry-n", label: t("dry.how_many"), value: dry.n, inputmode: "numeric", set: put("n")})}
      ${check({name: "dry-check", label: t("dry.check"), value: dry.check, set: put("check")})}
      ${button({label: t("dry.try"), kind: "main", type: "submit"})}
    </form></section>
    ${!dry.rows ? nothing : !dry.rows.length ? empty({title: t("dry.none"), shape: "search"}) : table({name: "dry",
      caption: t("dry.results"), rows: dry.rows, key: (row) => String(row.key), columns: [
      {name: "key", title: t("dry.record"), kind: "main", cell: (row) => row.core?.reference || row.core?.number || row.key},
      {name: "outcome", title: t("dry.outcome"), cell: (row) => mark(MARKS[row.outcome] || "none", t("dry." + code(row.outcome)))},
      {name: "why", title: t("dry.why"), kind: "wide", cell: (row) => html`${row.detail ? html`<span lang="en">${row.detail}</span>`
        : nothing}
        ${row.check ? html`<p lang="en">${row.check.text}</p>` : nothing}${fields(row)}`},
    ]})}`;
}

// ---- versions ----

export async function loadVersions(how) {
  return get("/config/revisions", {limit: 100}, how);
}

// Files that are this flow's: its own, its cases, its tables.
function touches(state, revision) {
  const {form} = state.data, base = form.file.replace(/\.conf$/, "");
  const mine = new Set(Object.values(form.data.tables || {}).map((one) => (typeof one === "string" ? one : one.file)));
  if (!revision.changes?.length) return true; // the first one
  return revision.changes.some((one) => one.path === form.file || one.path.startsWith(base + ".cases/") || mine.has(one.path));
}

async function see(state, act, list, revision) {
  const before = list.find((one) => one.revision < revision.revision);
  const out = await act.run(async () => (before ? get(path`/config/revisions/${before.revision}/diff`, {to: revision.revision})
    : {files: []}), {quiet: true});
  if (!out) return;
  await act.ask({title: t("versions.difference", {n: revision.revision}), wide: true, confirm: null,
    body: () => (out.files.length ? out.files.map((file) => diff(file.diff, file.path))
      : html`<p class="muted">${t("versions.first")}</p>`)});
}

async function back(state, act, revision) {
  await act.ask({title: t("versions.back_title", {n: revision.revision}), text: t("versions.back_text"), confirm: t("versions.back_do",
    {n: revision.revision}), danger: true,
    own: {why: ""}, check: (own) => (own.why ? "" : t("versions.need_why")),
    body: (own) => field({name: "why", label: t("flow.why"), required: true, value: own.why, set: (text) => {
      own.why = text;
    }}),
    run: async (own) => {
      const out = await send("POST", path`/config/revisions/${revision.revision}/rollback`, {why: own.why});
      act.say(out.saved ? t("versions.was_back", {n: revision.revision}) : t("versions.not_back"));
      await act.reload();
    }});
}

export function versions(state, act) {
  const all = state.data.extra?.revisions || [], list = all.filter((one) => touches(state, one));
  if (!list.length) return empty({title: t("versions.none"), shape: "clock"});
  return html`<p class="help">${t("versions.help")}</p>${table({name: "versions", caption: t("flow.tab_versions"), rows: list,
    key: (one) => String(one.revision), columns: [
    {name: "n", title: t("versions.version"), kind: "main", cell: (one) => t("flow.version", {n: one.revision})},
    {name: "at", title: t("versions.at"), cell: (one) => when(typeof one.at === "number" ? new Date(one.at).toISOString() : one.at)},
    {name: "who", title: t("versions.who"), cell: (one) => `${one.who} (${t("versions.how_" + one.how)})`},
    {name: "why", title: t("flow.why"), kind: "wide", cell: (one) => one.why || nothing},
    {name: "active", title: t("versions.active"), cell: (one) => (one.revision === state.data.form.revision ? mark("done",
      t("versions.now")) : nothing)},
    {name: "do", title: t("tables.do"), cell: (one) => (!state.can("admin") ? nothing
      : html`<span class="actions">${button({label: t("versions.see"), kind: "quiet small",
      hint: t("versions.see_hint", {n: one.revision}), run: () => see(state, act, all, one)})}${one.revision === state.data.form.revision
        ? nothing
      : button({label: t("versions.back"), kind: "quiet small", hint: t("versions.back_do", {n: one.revision}), run: () => back(state,
        act, one)})}</span>`)},
  ]})}`;
}
