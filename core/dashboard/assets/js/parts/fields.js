// SPDX-License-Identifier: MIT
// One record, field by field: where each value of the destination came from, and by which rule.
import {html, nothing, table, icon, pairs} from "../ui.js";
import {getLanguage, t} from "../i18n.js";

// "lines[0].unitPrice" -> "Line 1 · Unit price", for who does not read paths. titles: of the catalogue, by path.
export function plain(path, titles = {}) {
  let whole = "";
  return path.split(".").map((part) => {
    const [, name, at] = /^([^[]*)(?:\[(\d+)\])?/.exec(part);
    const words = name.replace(/_/g, " ").replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase();
    const own = titles[whole += (whole && ".") + name];
    const text = own?.[getLanguage()] ?? own?.en ?? words.charAt(0).toUpperCase() + words.slice(1);
    return at === undefined ? text : `${text.replace(/s$/, "")} ${Number(at) + 1}`;
  }).join(" · ");
}

const text = (value) => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

// Rules of the core record by what they fill; what came later took the place of what was before.
function byTarget(rows) {
  const out = new Map();
  for (const row of rows) {
    if (row.applied) out.set(row.to, row);
  }
  return out;
}

// One row per field of the destination: {to, value, error, rule, core: [{path, value}], source: [{path, value}]}.
export function joined(explained) {
  const core = byTarget(explained.get), used = new Set();
  const rows = [];
  for (const row of explained.send) {
    if (row.because === "each" || row.replaced) continue;
    const from = (row.from || []).filter((one) => one.path);
    const source = [];
    for (const one of from) {
      used.add(one.path);
      const made = core.get(one.path);
      if (made) source.push(...(made.from || []));
      else if (one.path.startsWith("settings.")) source.push({path: one.path, value: one.value});
    }
    rows.push({...row, core: from, source, error: row.error || (row.because === "error" ? row.error || "" : null)});
  }
  const rest = [...core.values()].filter((row) => !used.has(row.to) && row.because !== "each" && row.value !== null);
  return {rows, rest};
}

function values(list, technical, titles) {
  return list.map((one) => html`<span class="pair"><small class="muted">${technical ? html`<code>${one.path}</code>` : plain(one.path, titles)}</small>
    <span class="value">${text(one.value) || "–"}</span></span>`);
}

function how(row, technical) {
  const parts = [];
  if (row.error !== null && row.error !== undefined) parts.push(html`<span class="alarm" lang="en">${icon("up")} ${row.error}</span>`);
  if (row.table) {
    parts.push(html`<span>${row.table.hit ? t("fields.table", {table: row.table.name, key: row.table.key})
      : t("fields.no_row", {table: row.table.name, key: row.table.key})}</span>`);
  }
  for (const one of row.via || []) parts.push(html`<code>${one.function}</code>`);
  if (row.because === "default" || row.because === "force") parts.push(html`<span>${t("fields.default")}</span>`);
  if (row.because === "value") parts.push(html`<span>${t("fields.fixed")}</span>`);
  if (row.because === "expr") parts.push(html`<span>${t("fields.computed")}</span>`);
  if (row.because === "when") parts.push(html`<span>${t("fields.when")}${row.when?.condition ? html` <code>${row.when.condition}</code>` : nothing}</span>`);
  if (technical && row.rule?.file) parts.push(html`<small class="muted"><code>${row.rule.file.split("/").slice(-2).join("/")}:${row.rule.line}</code></small>`);
  return parts.length ? html`<span class="how">${parts}</span>` : nothing;
}

const differs = (row) => row.source.length !== 1 || text(row.source[0].value) !== text(row.value);

// own: {technical, differences, empty}; set(name, value) alters it.
export function fieldsTable(explained, own, set) {
  const {rows, rest} = joined(explained), {titles} = explained;
  const shown = rows.filter((row) => row.error !== null && row.error !== undefined ? true
    : (own.empty || row.applied) && (!own.differences || differs(row)));
  const columns = [
    {name: "source", title: t("fields.source"), cell: (row) => (row.source.length ? values(row.source, own.technical, titles.source) : nothing)},
    {name: "core", title: t("fields.core"), cell: (row) => (row.core.length ? values(row.core, own.technical, titles.core) : nothing)},
    {name: "to", title: t("fields.destination"), kind: "main", cell: (row) => html`<span class="pair"><small class="muted">${own.technical
      ? html`<code>${row.to}</code>` : plain(row.to, titles.destination)}</small><span class="value">${row.error !== null && row.error !== undefined
        ? html`<span class="alarm">${t("fields.none")}</span>` : text(row.value) || "–"}</span></span>`},
    {name: "how", title: t("fields.rule"), kind: "wide", cell: (row) => how(row, own.technical)},
  ];
  const switches = [["technical", t("fields.technical")], ["differences", t("fields.differences")], ["empty", t("fields.empty")]];
  return html`<div class="switches">${switches.map(([name, label]) => html`<label class="check"><input type="checkbox" .checked=${!!own[name]}
      @change=${(event) => set(name, event.target.checked)}><span>${label}</span></label>`)}</div>
    ${table({name: "fields", caption: t("record.fields"), columns, rows: shown, key: (row) => row.to + ":" + row.rule.line,
      tone: (row) => (row.error ? "wrong" : row.applied ? "" : "faint")})}
    ${rest.length ? html`<details class="more"><summary>${t("fields.unsent", {n: rest.length})}</summary>
      ${pairs(rest.map((row) => [own.technical ? row.to : plain(row.to, titles.core), text(row.value)]))}</details>` : nothing}`;
}

// Leaves of a value as [path, text].
export function leaves(value, path = "") {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([name, one]) => leaves(one, Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name));
}

// What two values differ in: [[path, before, after]].
export function differences(before, after) {
  const old = new Map(leaves(before ?? {})), now = new Map(leaves(after ?? {}));
  return [...new Set([...old.keys(), ...now.keys()])].filter((path) => path && text(old.get(path)) !== text(now.get(path)))
    .map((path) => [path, text(old.get(path)), text(now.get(path))]);
}
