// SPDX-License-Identifier: MIT
// The three columns of the mapper: what is filled, how, and what it may come from; each row with the value of a record.
import {html, nothing, button, icon, link} from "../ui.js";
import {t} from "../i18n.js";
import {choicesLoader} from "./setting_field.js";
import {ruleForm} from "./rule_form.js";
import {isBlank, rowsOf, shown, valueAt} from "./rules.js";

const groupOf = (where) => (where.includes(".") ? where.replace(/\.[^.]*$/, "") : "");

// Fields in their order, with what they belong to; a field that only rules name stands at the end.
function groups(list, name) {
  const out = [];
  for (const f of list) {
    const at = groupOf(f.path);
    let group = out.find((one) => one.at === at);
    if (!group) out.push(group = {at, title: at ? name(at) : t("mapper.document"), each: at.endsWith("[]"), list: []});
    group.list.push(f);
  }
  return out;
}

function targets(state, tools) {
  const {own} = state;
  const parents = new Set(tools.filled.map((f) => groupOf(f.path).replace(/\[\]$/, "")).filter(Boolean));
  const leaves = tools.filled.filter((f) => !f.read_only && !parents.has(f.path));
  const named = new Set(tools.rules.filter((one) => !one.data.map).map((one) => one.data.to));
  const extra = [...named].filter((to) => !leaves.some((f) => f.path === to))
    .map((to) => ({path: to, title: tools.filled.find((f) => f.path === to.replace(/\[\d+\]/g, "[]"))?.title || to, type: "text",
      required: false}));
  const all = [...leaves, ...extra];
  if (own.show === "mine") return all.filter((f) => tools.isOwn(f.path));
  if (own.show === "todo") return all.filter((f) => tools.todo(f));
  return all;
}

const record = (state) => (state.own.side === "send" ? state.own.row?.destination : state.own.row?.core);
const source = (state) => (state.own.side === "send" ? state.own.row?.core : state.own.row?.source);
const name = (state, f) => (state.own.technical ? f.path : f.title);

function move(event) {
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (event.altKey) return;
  if (event.key === "ArrowRight") {
    document.querySelector(".column.rules input, .column.rules select, .column.rules button")?.focus();
    event.preventDefault();
    return;
  }
  if (!step) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll("button.target")], at = all.indexOf(document.activeElement);
  const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
  next?.focus();
  next?.click();
}

export function targetsList(state, act, tools) {
  const {own} = state, list = targets(state, tools), form = state.data.form, now = chosen(state, tools)?.path;
  const title = (at) => {
    const found = tools.filled.find((f) => f.path === at.replace(/\[\d*\]$/, ""))?.title || at, nth = /\[(\d+)\]$/.exec(at);
    return nth ? t("mapper.nth", {name: found, n: Number(nth[1]) + 1}) : found;
  };
  const head = t("mapper.to", {name: own.side === "send" ? form.to.connection : t("mapper.core")});
  return html`<section class="column to" aria-label=${head}><h2>${head}</h2>
    ${list.length ? nothing : html`<p class="muted">${own.show === "mine" ? t("mapper.none_mine") : t("mapper.none_todo")}</p>`}
    <div @keydown=${move}>${groups(list, title).map((group) => html`<h3>${group.title}${group.each
      ? html` <small class="muted">${t("mapper.every_line")}</small>` : nothing}</h3>
      <ul class="rows">${group.list.map((f) => {
        const value = valueAt(record(state), f.path), wrong = tools.todo(f), mine = tools.isOwn(f.path);
        return html`<li><button type="button" class="target ${isBlank(value) ? "blank" : ""}" aria-current=${now === f.path
          ? "true" : nothing} @click=${() => act.change(() => {
            own.target = f.path;
          })}>
          <span class="name">${wrong ? html`<span class="mark bad">${icon("up")}<span class="hidden">${t("mapper.todo")}</span></span>`
            : nothing}${name(state, f)}${f.required
            ? html`<span class="required" aria-hidden="true"> *</span><span class="hidden"> ${t("mapper.required")}</span>`
              : nothing}${mine ? html` <small class="own">${t("mapper.yours")}</small>` : nothing}</span>
          <span class="value">${wrong || (state.own.row ? shown(value) : nothing)}</span></button></li>`;
      })}</ul>`)}</div></section>`;
}

// What is chosen; at first what needs somebody, or else the first field.
function chosen(state, tools) {
  const list = targets(state, tools), {target} = state.own;
  return list.find((f) => f.path === target) || tools.filled.find((f) => f.path === target) ||
    (target ? {path: target, title: target, type: "text"} : list.find((f) => tools.todo(f)) || list[0] || null);
}

function result(state, f) {
  const {own} = state, now = valueAt(record(state), f.path);
  const before = valueAt(own.side === "send" ? own.was?.destination : own.was?.core, f.path);
  if (!own.row) return nothing;
  return html`<p class="outcome-now" role="status">${t("mapper.now", {value: shown(now)})}${shown(now) === shown(before) ? nothing
    : html` <span class="muted">${t("mapper.was", {value: shown(before)})}</span>`}</p>`;
}

function why(state, f, i) {
  const rows = rowsOf(state.own.row?.explain?.[state.own.side], f.path), row = rows[i];
  if (!row) return nothing;
  if (row.error) return html`<p class="error" lang="en">${row.error}</p>`;
  if (row.because === "when" && row.when) return html`<p class="muted">${t("mapper.not_here", {value: shown(row.when.value)})}</p>`;
  return nothing;
}

export function how(state, act, tools) {
  const {own, data} = state, f = tools.filled.find((one) => one.path === own.target) || (own.target ? {path: own.target,
    title: own.target, type: "text"} : null);
  if (!f) return html`<section class="column rules" aria-label=${t("mapper.how")}><h2>${t("mapper.how")}</h2><p
    class="muted">${t("mapper.pick")}</p></section>`;
  const found = tools.rulesFor(f.path), list = found.list.map((one) => one.data);
  const inside = found.outer?.each ? found.outer.each.replace(/\[\]$/, "") + "[]." : "";
  const near = inside ? tools.read.filter((one) => one.path.startsWith(inside)).map((one) => ({...one,
    path: one.path.slice(inside.length)})) : [];
  const fields = [...near, ...tools.read.filter((one) => !inside || !one.path.includes("[]"))];
  const about = {fields, functions: data.fields.functions, tables: data.fields.tables, tableLink: link("flow/" + state.rest,
    {tab: "tables"}),
    choices: [...fields.map((one) => ({value: one.path, title: one.title, hint: one.path})),
      ...data.fields.settings.map((one) => ({value: "settings." + one,
      title: t("mapper.setting", {name: one}), hint: "settings." + one}))],
    load: f.choices ? choicesLoader(f.choices) : null};
  const put = (i, next) => tools.put(f.path, list.map((one, k) => (k === i ? next : one)));
  const open = own.rule?.path === f.path ? own.rule.i : Math.max(0, list.length - 1);
  return html`<section class="column rules" aria-label=${t("mapper.how")}><h2>${name(state, f)}</h2>
    ${own.technical ? html`<p><code>${f.path}</code></p>` : nothing}
    ${result(state, f)}
    ${list.length ? nothing : html`<p class="muted">${t("mapper.no_rule")}</p>`}
    ${list.length > 1 ? html`<p class="help">${t("mapper.several", {n: list.length})}</p>` : nothing}
    ${list.map((rule, i) => html`<div class="rule"><p class="sentence">${t("mapper.says", {field: name(state, f),
      text: tools.sentence(rule, inside)})}</p>${why(state, f, i)}
      ${list.length > 1 && i !== open ? button({label: t("mapper.edit"), kind: "quiet small", hint: t("mapper.edit_rule", {n: i + 1}),
        run: () => act.change(() => {
          own.rule = {path: f.path, i};
        })}) : ruleForm({id: `rule-${i}`, data: rule, about, disabled: tools.disabled, set: (next) => put(i, next)})}
      ${list.length > 1 && !tools.disabled ? button({label: t("mapper.remove_rule"), kind: "quiet small", hint: t("mapper.remove_rule_n",
        {n: i + 1}),
        run: () => tools.put(f.path, list.filter((one, k) => k !== i))}) : nothing}</div>`)}
    ${tools.disabled ? nothing : html`<div class="actions">${button({label: list.length ? t("mapper.add_rule") : t("mapper.first_rule"),
      kind: list.length ? "quiet small" : "main",
      run: () => tools.put(f.path, [...list, {to: found.outer ? found.inner : f.path, from: ""}])})}
      ${tools.isOwn(f.path) ? button({label: t("mapper.back"), run: () => tools.back(f.path)}) : nothing}</div>`}
  </section>`;
}

export function sourcesList(state, act, tools) {
  const {own, data} = state, at = source(state);
  const parents = new Set(tools.read.map((f) => groupOf(f.path).replace(/\[\]$/, "")).filter(Boolean));
  const list = tools.read.filter((f) => !parents.has(f.path) && (own.all || !at || !isBlank(valueAt(at, f.path))));
  const title = (where) => tools.read.find((f) => f.path === where.replace(/\[\]$/, ""))?.title || where;
  const head = t("mapper.from", {name: own.side === "send" ? t("mapper.core") : data.form.from.connection});
  return html`<section class="column from" tabindex="0" aria-label=${head}><h2>${head}</h2>
    ${at ? html`<label class="check"><input type="checkbox" .checked=${own.all} @change=${(event) => act.change(() => {
      own.all = event.target.checked;
    })}><span>${t("mapper.all_fields")}</span></label>` : nothing}
    ${groups(list.slice(0, 160), title).map((group) => html`<h3>${group.title}</h3><dl class="rows">${group.list.map((f) =>
      html`<div><dt>${name(state, f)}</dt>
      <dd>${at ? shown(valueAt(at, f.path)) : nothing}</dd></div>`)}</dl>`)}</section>`;
}
