// SPDX-License-Identifier: MIT
// The value tables of a flow: what each key becomes, chosen from the destination's own lists, how often the newest
// records used it, and on top the keys that records asked for and that have no row.
import {html, nothing, table, button, banner} from "../ui.js";
import {t, number, when} from "../i18n.js";
import {get, path, send} from "../api.js";
import {choicesLoader, choicesOf} from "./setting_field.js";
import {diff, mistakes} from "./saving.js";
import {field} from "./form.js";
import "./combobox.js";

// Which field of the destination a table fills: [field's path, paths that make the key].
function useOf(mapping, own, name) {
  const search = (rules, before) => {
    for (const rule of rules || []) {
      const to = before + (rule.to || "");
      if (rule.table === name) return {to, from: [].concat(rule.from || [])};
      const inner = search(rule.map, to + (rule.each || rule.append ? "[]." : "."));
      if (inner) return inner;
    }
    return null;
  };
  return search(own.map, "") || search(mapping.send.written.map((one) => one.data), "") || search(own.get_map, "") ||
    search(mapping.get.written.map((one) => one.data), "");
}

const PATIENCE = 1500; // ms for the titles of what can be chosen; the list itself comes when it is opened

function soon(promise) {
  return Promise.race([promise, new Promise((go) => {
    setTimeout(() => go([]), PATIENCE);
  })]);
}

export async function loadTables(flow, form, fields, how) {
  const names = Object.keys(form.data.tables || {});
  const [mapping, recent, ...sheets] = await Promise.all([
    get(path`/flows/${flow}/mapping`, {}, how), send("POST", path`/flows/${flow}/recent`, {limit: 500}, how),
    ...names.map((name) => get(path`/config/tables/${flow + "/" + name}`, {}, how)),
  ]);
  return {recent, list: await Promise.all(names.map(async (name, i) => {
    const use = useOf(mapping, form.data, name);
    const about = fields.destination.find((f) => f.path === use?.to);
    return {name, ...sheets[i], use, choices: about?.choices ? await soon(choicesOf(about.choices)) : []};
  }))};
}

async function order(state, act, name, body, said) {
  const out = await act.run(() => send("POST", path`/config/tables/${state.rest + "/" + name}`, body));
  if (!out) return;
  if (out.saved) {
    act.say(said);
    return;
  }
  await act.ask({title: t("tables.not_saved"), wide: true, confirm: null,
    body: () => html`${out.refused ? html`<p lang="en">${out.refused}</p>` : nothing}
    ${mistakes(out.mistakes)}${out.refused ? out.files.map((file) => diff(file.diff, t("save.difference"))) : nothing}`});
}

// What the value may be, by titles; or any text.
function value({sheet, about, id, now, set, label}) {
  if (about?.choices) {
    return html`<koppel-combobox .name=${id} .label=${label} .hidden_label=${true} .value=${now} .choices=${sheet.choices}
      .free=${true} .load=${choicesLoader(about.choices)} @choose=${(event) => set(event.detail)}></koppel-combobox>`;
  }
  return html`<input id=${id} aria-label=${label} .value=${now} autocomplete="off" spellcheck="false"
    @change=${(event) => set(event.target.value)}>`;
}

function titles(state, sheet) {
  const all = [...(state.data.fields?.core || []), ...(state.data.fields?.destination || [])];
  const title = (where) => all.find((one) => one.path === where || one.path === "lines[]." + where)?.title || where;
  return {key: (sheet.use?.from || []).map(title).join(" | ") || t("tables.key"), value: sheet.use ? title(sheet.use.to)
    : t("tables.value")};
}

function adding(state, act, sheet, about, key = "") {
  const words = titles(state, sheet);
  return act.ask({title: t("tables.add_to", {name: sheet.name}), confirm: t("tables.add"), own: {key, value: ""},
    check: (own) => (own.key && own.value !== "" ? "" : t("tables.both")),
    body: (own, change) => html`${field({name: "row-key", label: words.key, value: own.key, set: (text) => {
      own.key = text;
    }})}<div class="field"><span class="label">${words.value}</span>${value({sheet, about, id: "row-value", label: words.value,
      now: own.value, set: (text) => change(() => {
      own.value = text;
    })})}</div>`,
  }).then((own) => own && order(state, act, sheet.name, {do: "add", key: own.key, value: own.value}, t("tables.added", {key: own.key})));
}

function one(state, act, sheet, disabled) {
  const {recent} = state.data.sheets, uses = recent.tables[sheet.name] || {};
  const missing = recent.missing.filter((row) => row.table === sheet.name);
  const about = (state.data.fields?.destination || []).find((f) => f.path === sheet.use?.to);
  const words = titles(state, sheet), locked = disabled || !!sheet.refused;
  const rows = sheet.rows.map((row) => ({...row, joined: row.key.join("|")}));
  return html`<section><div class="head"><h2>${sheet.name}</h2><code>${sheet.file}</code></div>
    ${sheet.refused ? banner({tone: "info", title: t("save.locked", {file: sheet.file}),
      text: html`<span lang="en">${sheet.refused}</span>`}) : nothing}
    ${missing.length ? html`<ul class="missing">${missing.map((row) => html`<li>${t("tables.missing", {n: row.count, key: row.key,
      record: row.record ?? ""})}
      ${locked ? nothing : button({label: t("tables.add_key", {key: row.key}), kind: "small", run: () => adding(state, act, sheet, about,
        row.key)})}</li>`)}</ul>` : nothing}
    ${rows.length ? table({name: "table-" + sheet.name, caption: t("tables.caption", {name: sheet.name}), rows, key: (row) => row.joined,
      columns: [
      {name: "key", title: words.key, kind: "main", cell: (row) => row.joined},
      {name: "value", title: words.value, kind: "wide", cell: (row) => (locked ? row.value : value({sheet, about,
        id: `v-${sheet.name}-${row.line}`, now: row.value,
        label: t("tables.becomes", {key: row.joined}), set: (text) => order(state, act, sheet.name, {do: "set", key: row.joined,
          value: text}, t("tables.set", {key: row.joined}))}))},
      {name: "used", title: t("tables.used"), kind: "num", cell: (row) => (uses[row.joined] ? t("tables.times",
        {n: uses[row.joined].count}) : t("tables.unused"))},
      {name: "last", title: t("tables.last"), cell: (row) => (uses[row.joined] ? when(uses[row.joined].last) : nothing)},
      {name: "do", title: t("tables.do"), cell: (row) => (locked ? nothing : button({label: t("tables.remove"), kind: "quiet small",
        hint: t("tables.remove_hint", {key: row.joined}),
        run: async () => {
          const sure = await act.ask({title: t("tables.remove_title", {key: row.joined}), text: t("tables.remove_text"),
            confirm: t("tables.remove"), danger: true});
          if (sure) await order(state, act, sheet.name, {do: "remove", key: row.joined}, t("tables.removed", {key: row.joined}));
        }}))},
    ]}) : html`<p class="muted">${t("tables.empty")}</p>`}
    ${locked ? nothing : button({label: t("tables.add_row"), kind: "small", run: () => adding(state, act, sheet, about)})}</section>`;
}

export function tables(state, act, tools) {
  const {list, recent} = state.data.sheets || {list: [], recent: {records: 0}};
  if (!list.length) return html`<p class="muted">${t("tables.none")}</p>`;
  return html`<p class="help">${recent.records ? t("tables.looked", {n: recent.records, all: number(recent.records)})
    : t("tables.no_records")}</p>
    ${list.map((sheet) => one(state, act, sheet, tools.disabled))}`;
}
