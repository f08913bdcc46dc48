// SPDX-License-Identifier: MIT
// Conditions of filters and rules: a sentence of each, and a form for those that ask one thing of one field. What is
// nested, calculates or goes through functions is shown as its sentence and may be taken away.
//
// An item is {at, data}: data as it stands in the file, at its number there (null: it is new).
import {html, nothing, repeat, button} from "../ui.js";
import {t, known} from "../i18n.js";
import {choice, field} from "./form.js";
import "./combobox.js";

const OPERATORS = ["is", "not", "in", "not_in", "has", "empty", "less", "more", "contains", "matches", "before", "after"];
const MANY = ["in", "not_in"], BARE = ["has", "empty"];
const FOR = {
  decimal: ["is", "not", "in", "not_in", "has", "empty", "less", "more"],
  integer: ["is", "not", "in", "not_in", "has", "empty", "less", "more"],
  boolean: ["is", "has", "empty"],
  date: ["is", "before", "after", "has", "empty"],
  list: ["has", "empty", "contains"],
  object: ["has", "empty"],
};
const GROUPS = ["all", "any", "none"];

let next = 0;
export const itemsOf = (list) => (list || []).map((data, at) => ({at, id: ++next, data}));
export const newItem = (data) => ({at: null, id: ++next, data});

// Edits that make `items` of a list of so many elements: what is gone, what changed, what is new.
export function editsOf(path, base, items) {
  const edits = [], kept = items.filter((one) => one.at !== null);
  if (!items.length) return base.length ? [{do: "unset", path}] : [];
  for (let i = base.length - 1; i >= 0; i--) {
    if (!kept.some((one) => one.at === i)) edits.push({do: "unset", path: `${path}/${i}`});
  }
  kept.forEach((one, i) => {
    if (JSON.stringify(one.data) !== JSON.stringify(base[one.at])) edits.push({path: `${path}/${i}`, data: one.data});
  });
  // a list of which nothing is left goes with its last element
  const gone = base.length > 0 && !kept.length;
  if (gone) return [{path, data: items.map((one) => one.data)}];
  for (const one of items.filter((item) => item.at === null)) edits.push({path: `${path}/+`, data: one.data});
  return edits;
}

export const operatorOf = (data) => OPERATORS.find((name) => Object.hasOwn(data, name));
const isPlain = (data) => data.field !== undefined && !data.via && operatorOf(data);
const listed = (value) => (Array.isArray(value) ? value : [value]).map(String);

// title(path): what a field is called.
export function conditionWords(data, title) {
  const group = GROUPS.find((name) => Array.isArray(data[name]));
  if (group) return t("cond." + group, {list: data[group].map((one) => conditionWords(one, title)).join("; ")});
  if (data.expr !== undefined) return String(data.expr);
  const name = operatorOf(data) || "is";
  const bare = BARE.includes(name) && data[name] === false ? (name === "has" ? "empty" : "has") : name;
  const via = data.via ? t("cond.via", {functions: listed(data.via).join(", ")}) : "";
  const value = listed(data[name]).map((one) => `“${one}”`).join(t("cond.or"));
  return t("cond." + bare, {field: data.field === undefined ? t("cond.record") : title(data.field), value}) + via;
}

export function allWords(list, title) {
  return list.map((data) => conditionWords(data, title)).join(t("cond.and"));
}

function operators(known_field) {
  return FOR[known_field?.type] || OPERATORS;
}

function withOperator(data, name) {
  const now = data[operatorOf(data)], out = {field: data.field};
  const texts = typeof now === "boolean" ? [] : listed(now ?? "").filter(Boolean);
  out[name] = BARE.includes(name) ? true : MANY.includes(name) ? texts : texts[0] ?? "";
  return out;
}

// What the condition compares with.
function values(id, data, about, set, disabled) {
  const name = operatorOf(data), value = data[name];
  if (BARE.includes(name)) return nothing;
  const all = about?.type === "boolean" ? ["true", "false"] : about?.values || [];
  const titled = all.map((one) => ({value: one, title: known("value." + one) ? t("value." + one) : one}));
  if (MANY.includes(name) && all.length) {
    const now = listed(value);
    return html`<fieldset class="field checks"><legend>${t("cond.values")}</legend>${titled.map((one) => html`
      <label class="check"><input type="checkbox" ?disabled=${disabled} .checked=${now.includes(one.value)} @change=${(event) =>
        set({...data, [name]: event.target.checked ? [...now, one.value] : now.filter((other) => other !== one.value)})}
        ><span>${one.title}</span></label>`)}</fieldset>`;
  }
  if (MANY.includes(name)) {
    return field({name: id + "-values", label: t("cond.values"), value: listed(value).join(", "), readonly: disabled,
      help: t("cond.values_help"), set: (text) => set({...data, [name]: text.split(",").map((one) => one.trim()).filter(Boolean)})});
  }
  if (all.length) {
    return choice({name: id + "-value", label: t("cond.value"), value: String(value ?? ""), choices: titled, none: t("cond.choose"),
      disabled,
      set: (text) => set({...data, [name]: text})});
  }
  return field({name: id + "-value", label: t("cond.value"), value: String(value ?? ""), readonly: disabled,
    help: ["before", "after"].includes(name) ? t("cond.day_help") : undefined, set: (text) => set({...data, [name]: text})});
}

// items, set(items); fields: [{path, title, type, values}]; words(item): the server's sentence, where there is one.
export function conditions({id, items, set, fields, disabled = false, add = t("cond.add")}) {
  const title = (path) => fields.find((one) => one.path === path)?.title || path;
  const choices = fields.map((one) => ({value: one.path, title: one.title, hint: one.path}));
  const put = (item, data) => set(items.map((one) => (one === item ? {...item, data} : one)));
  const remove = (item) => set(items.filter((one) => one !== item));
  return html`<ol class="conditions">${repeat(items, (item) => item.id, (item, i) => {
    const mine = `${id}-${i}`, {data} = item, about = fields.find((one) => one.path === data.field);
    const gone = disabled ? nothing : button({label: t("cond.remove"), kind: "quiet small", hint: t("cond.remove_hint",
      {text: conditionWords(data,
      title)}),
      run: () => remove(item)});
    if (!isPlain(data) && data.field !== "") {
      return html`<li><p>${conditionWords(data, title)}</p>${gone}</li>`;
    }
    return html`<li><div class="condition" role="group" aria-label=${t("cond.number", {n: i + 1})}>
      <koppel-combobox .name=${mine + "-field"} .label=${t("cond.field")} .choices=${choices} .value=${data.field} .disabled=${disabled}
        @choose=${(event) => put(item, withOperator({...data, field: event.detail},
          operators(fields.find((one) => one.path === event.detail)).includes(operatorOf(data)) ? operatorOf(data)
            : "is"))}></koppel-combobox>
      ${choice({name: mine + "-operator", label: t("cond.operator"), value: operatorOf(data), disabled,
        choices: operators(about).map((one) => ({value: one, title: t("operator." + one)})), set: (name) => put(item, withOperator(data,
          name))})}
      ${values(mine, data, about, (changed) => put(item, changed), disabled)}</div>${gone}</li>`;
  })}</ol>
  ${disabled ? nothing : button({label: add, kind: "small", run: () => set([...items, newItem({field: "", is: ""})])})}`;
}
