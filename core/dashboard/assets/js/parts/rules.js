// SPDX-License-Identifier: MIT
// The rules of a mapping while somebody works on them: those that were shipped, and the flow's own, which take the place
// of shipped ones for the same field. Nothing here draws or asks; what is changed is a new list.
//
// An item is {at, data}: a rule of the flow's own as it stands in the file, at its number there (null: it is new).
import {conditionWords, editsOf, itemsOf, newItem} from "./conditions.js";
import {t, known} from "../i18n.js";

export const LIST = {send: "map", get: "get_map"};
const copy = (data) => JSON.parse(JSON.stringify(data));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export const fresh = (form) => ({map: itemsOf(form.data.map), get_map: itemsOf(form.data.get_map)});
export const edits = (form, draft) => [...editsOf("map", form.data.map || [], draft.map), ...editsOf("get_map", form.data.get_map || [],
  draft.get_map)];

// Without the numbers by which rows are told apart on the screen.
export const plain = (draft) => ({map: draft.map.map(({at, data}) => ({at, data})), get_map: draft.get_map.map(({at, data}) => ({at,
  data}))});
export function revive(kept) {
  const list = (items) => (items || []).map((one) => ({...newItem(one.data), at: one.at}));
  return {map: list(kept.map), get_map: list(kept.get_map)};
}

// The same draft on a file that changed since: rules keep their places by the field that they fill.
export function rebase(draft, form) {
  const out = {};
  for (const name of ["map", "get_map"]) {
    const there = form.data[name] || [], taken = new Set();
    out[name] = draft[name].map((item) => {
      const at = there.findIndex((data, i) => !taken.has(i) && data.to === item.data.to);
      if (at >= 0) taken.add(at);
      return {...item, at: at < 0 ? null : at};
    });
  }
  return out;
}

// ---- what is in effect ----

export function effective(written, items) {
  const over = new Set(items.filter((one) => !one.data.append).map((one) => one.data.to));
  return [...written.filter((one) => !over.has(one.data.to)).map((one) => ({data: one.data, own: false})),
    ...items.map((one) => ({data: one.data, own: true}))];
}

const prefixOf = (rule) => rule.to + (rule.each || rule.append ? "[]." : ".");

// The rules that fill a field: [{data}], and the rule that they stand inside of, where they do.
export function rulesFor(rules, path) {
  const direct = rules.filter((one) => one.data.to === path && !one.data.map);
  if (direct.length) return {outer: null, list: direct};
  const outer = [...rules].reverse().find((one) => one.data.map && path.startsWith(prefixOf(one.data)));
  if (!outer) return {outer: null, list: []};
  const inner = path.slice(prefixOf(outer.data).length);
  return {outer: outer.data, inner, list: outer.data.map.filter((one) => one.to === inner).map((data) => ({data, own: outer.own}))};
}

export function isOwn(written, items, path) {
  const now = rulesFor(effective(written, items), path), before = rulesFor(effective(written, []), path);
  return now.list.some((one) => one.own) && !same(now.list.map((one) => one.data), before.list.map((one) => one.data));
}

// ---- changes ----

// Own copies of all that is in effect for `to`.
function owned(written, items, to) {
  if (items.some((one) => one.data.to === to && !one.data.append)) return items;
  return [...items, ...written.filter((one) => one.data.to === to).map((one) => newItem(copy(one.data)))];
}

// list: rules as they are to be for the field.
export function withRules(written, items, path, list) {
  const {outer, inner} = rulesFor(effective(written, items), path);
  if (!outer) {
    const all = owned(written, items, path), mine = all.filter((one) => one.data.to === path);
    const next = list.map((data, i) => (mine[i] ? {...mine[i], data} : newItem(data)));
    const out = all.filter((one) => !mine.includes(one) || mine.indexOf(one) < list.length)
      .map((one) => (mine.includes(one) ? next[mine.indexOf(one)] : one));
    return [...out, ...next.slice(mine.length)];
  }
  const all = owned(written, items, outer.to);
  const target = [...all].reverse().find((one) => one.data.to === outer.to && one.data.map);
  const map = [], given = list.map((data) => ({...data, to: inner}));
  let placed = false;
  for (const one of target.data.map) {
    if (one.to !== inner) map.push(one);
    else if (!placed) {
      map.push(...given);
      placed = true;
    }
  }
  if (!placed) map.push(...given);
  return all.map((one) => (one === target ? {...one, data: {...one.data, map}} : one));
}

export function backToDefault(written, items, path) {
  const {outer} = rulesFor(effective(written, items), path);
  if (!outer) return items.filter((one) => one.data.to !== path);
  const before = rulesFor(effective(written, []), path).list.map((one) => one.data);
  const out = withRules(written, items, path, before);
  const shipped = written.filter((one) => one.data.to === outer.to).map((one) => one.data);
  const mine = out.filter((one) => one.data.to === outer.to).map((one) => one.data);
  return same(shipped, mine) ? out.filter((one) => one.data.to !== outer.to) : out;
}

// ---- values of a record ----

const first = (path) => path.replaceAll("[]", "[0]");

export function valueAt(record, path) {
  let at = record;
  for (const part of first(path).split(/\.|(?=\[)/)) {
    if (at === null || at === undefined) return undefined;
    const index = /^\[(\d+)\]$/.exec(part);
    at = index ? at[Number(index[1])] : at[part];
  }
  return at;
}

export const rowsOf = (explain, path) => (explain || []).filter((row) => row.to === first(path) || row.to === path);
export const isBlank = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

export function shown(value) {
  if (isBlank(value)) return "–";
  if (Array.isArray(value)) return t("mapper.elements", {n: value.length});
  return typeof value === "object" ? "…" : String(value);
}

// What keeps the field from being right for this record; "" where nothing does.
export function todo(field, row, side) {
  if (!row) return "";
  const failed = rowsOf(row.explain?.[side], field.path).find((one) => one.error);
  if (failed) return failed.table && !failed.table.hit ? t("mapper.no_row", {key: failed.table.key, table: failed.table.name})
    : failed.error;
  const record = side === "send" ? row.destination : row.core;
  if (!field.required || !record) return "";
  const parent = field.path.includes(".") ? valueAt(record, field.path.replace(/\.[^.]*$/, "")) : record;
  return !isBlank(parent) && isBlank(valueAt(record, field.path)) ? t("mapper.needs_value") : "";
}

// ---- sentences ----

export function functionTitle(name, functions) {
  const full = name.includes(".") ? name : "text." + name;
  if (known("fn." + full)) return t("fn." + full);
  return functions?.find((one) => one.name === full)?.help?.replace(/\.$/, "") || name;
}

// What an argument of a function is for; the catalogue says it in English.
export function argumentHelp(full, {name, help}) {
  const key = known("fn." + full) && [`${full}.`, `${full.slice(0, full.indexOf("."))}.`, ""].map((of) => `arg.${of}${name}`).find(known);
  return key ? t(key) : help;
}

export const viaParts = (text) => {
  const at = text.indexOf(":");
  return at < 0 ? {name: text, args: ""} : {name: text.slice(0, at), args: text.slice(at + 1)};
};

function viaWords(data, functions) {
  return [].concat(data.via || []).map((text) => {
    const {name, args} = viaParts(text);
    return t(args ? "rule.via_args" : "rule.via", {function: functionTitle(name, functions), args});
  }).join("");
}

function sourceWords(data, names) {
  const from = [].concat(data.from || []).map(names.title);
  if (data.each) return t("rule.each", {list: names.title(data.each)});
  if (data.map) return t("rule.object");
  if (data.expr !== undefined) return t("rule.expr", {expr: data.expr});
  if (data.parts) return t("rule.parts", {list: data.parts.map((part) => sourceWords(part, names)).join(", "), join: data.join ?? "|"});
  if (data.value !== undefined) return data.value === "" ? t("rule.nothing") : t("rule.value", {value: data.value});
  if (from.length > 1) return t("rule.joined", {list: from.join(", "), join: data.join ?? "|"});
  return from.length && from[0] ? t("rule.from", {field: from[0]}) : t("rule.unset");
}

// names: {title(path), functions}
export function sentence(data, names) {
  const words = [data.force ? t("rule.always", {value: data.default}) : sourceWords(data, names) + viaWords(data, names.functions)];
  if (data.table) words.push(t("rule.table", {table: data.table}));
  if (data.table && ["pass", "leave"].includes(data.unmapped)) words.push(t("rule." + data.unmapped));
  if (data.default !== undefined && !data.force) words.push(t("rule.default", {value: data.default}));
  if (data.empty === "clear") words.push(t("rule.clear"));
  if (data.required) words.push(t("rule.required"));
  if (data.on === "create" || data.on === "update") words.push(t("rule.on_" + data.on));
  const when = (data.when || []).map((one) => conditionWords(one, names.title)).join(t("cond.and"));
  if (when) words.push(t("rule.when", {text: when}));
  return words.join(", ");
}
