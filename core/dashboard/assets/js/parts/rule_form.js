// SPDX-License-Identifier: MIT
// One rule as a form: where the value comes from, what it goes through, what happens where there is none, and when.
import {html, nothing, button} from "../ui.js";
import {t} from "../i18n.js";
import {choice, field, radios} from "./form.js";
import {conditions} from "./conditions.js";
import {argumentHelp, functionTitle, viaParts} from "./rules.js";
import "./combobox.js";

const COMMON = ["to", "required", "on", "when", "default", "empty"];

export const kindOf = (data) => (data.map || data.parts ? "complex" : data.force ? "force" : data.expr !== undefined ? "expr"
  : data.value !== undefined ? "value" : "from");

function withKind(data, kind) {
  const out = {};
  for (const name of COMMON) if (data[name] !== undefined) out[name] = data[name];
  if (kind === "from") return {...out, from: ""};
  if (kind === "value") return {...out, value: String(data.default ?? "")};
  if (kind === "expr") return {...out, expr: "0"};
  return {...out, force: true, default: data.default ?? ""};
}

const without = (data, ...names) => Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));

// ---- where it comes from ----

function sources(id, data, about, set, disabled) {
  const from = [].concat(data.from ?? "");
  const put = (list) => set({...without(data, "from", ...(list.length > 1 ? [] : ["join"])), from: list.length > 1 ? list : list[0] ?? ""});
  return html`${from.map((path, i) => html`<div class="line"><koppel-combobox .name="${id}-from-${i}" .label=${i ? t("mapper.and_field")
    : t("mapper.the_field")}
      .choices=${about.choices} .value=${path} .disabled=${disabled} @choose=${(event) => put(from.map((one, k) => (k === i ? event.detail
        : one)))}></koppel-combobox>
      ${from.length > 1 && !disabled ? button({label: t("cond.remove"), kind: "quiet small", hint: t("mapper.remove_field", {n: i + 1}),
        run: () => put(from.filter((one, k) => k !== i))}) : nothing}</div>`)}
    ${from.length > 1 ? field({name: id + "-join", label: t("mapper.join"), value: data.join ?? "|", readonly: disabled,
      set: (text) => set({...data, join: text})}) : nothing}
    ${disabled || !from[0] ? nothing : button({label: t("mapper.add_field"), kind: "quiet small", run: () => put([...from,
      from[from.length - 1]])})}`;
}

function source(id, data, about, set, disabled) {
  const kind = kindOf(data);
  if (kind === "complex") return html`<p>${t("mapper.complex")}</p>${disabled ? nothing : button({label: t("mapper.replace"),
    run: () => set(withKind(data, "from"))})}`;
  return html`${radios({name: id + "-kind", label: t("mapper.comes_from"), value: kind, disabled, set: (next) => set(withKind(data, next)),
    choices: ["from", "value", "expr", "force"].map((value) => ({value, title: t("mapper.kind_" + value)}))})}
    ${kind === "from" ? sources(id, data, about, set, disabled) : nothing}
    ${kind === "value" ? html`${target(id + "-value", t("mapper.the_value"), data.value, about, (text) => set({...data, value: text}),
      disabled)}
      <p class="help">${t("mapper.value_help")}</p>` : nothing}
    ${kind === "force" ? target(id + "-force", t("mapper.the_value"), data.default, about, (text) => set({...data, default: text}),
      disabled) : nothing}
    ${kind === "expr" ? field({name: id + "-expr", label: t("mapper.the_expr"), help: t("mapper.expr_help"), value: data.expr,
      readonly: disabled,
      set: (text) => set({...data, expr: text})}) : nothing}`;
}

// A value of the destination: from its choice list where it has one.
function target(id, label, value, about, set, disabled) {
  if (about.load && !disabled) {
    return html`<koppel-combobox .name=${id} .label=${label} .value=${String(value ?? "")} .free=${true} .load=${about.load}
      @choose=${(event) => set(event.detail)}></koppel-combobox>`;
  }
  return field({name: id, label, value: String(value ?? ""), readonly: disabled, set});
}

// ---- what it goes through ----

function example(f) {
  const one = f?.examples?.find((row) => row.out !== undefined && typeof row.in !== "object");
  return one ? `${JSON.stringify(one.in)}${one.args ? ` (${one.args.join(", ")})` : ""} → ${JSON.stringify(one.out)}` : "";
}

function functions(id, data, about, set, disabled) {
  const via = [].concat(data.via || []);
  const put = (list) => set(list.length ? {...data, via: list} : without(data, "via"));
  const all = about.functions.filter((f) => !f.record).map((f) => ({value: f.name, title: functionTitle(f.name, about.functions),
    hint: example(f)}));
  return html`${via.map((text, i) => {
    const {name, args} = viaParts(text), full = name.includes(".") ? name : "text." + name;
    const f = about.functions.find((one) => one.name === full), takes = f?.args || [];
    return html`<div class="line"><koppel-combobox .name="${id}-via-${i}" .label=${t("mapper.then", {n: i + 1})} .choices=${all}
      .value=${full} .disabled=${disabled}
        .help=${example(f)} @choose=${(event) => put(via.map((one, k) => (k === i ? event.detail : one)))}></koppel-combobox>
      ${takes.length ? field({name: `${id}-args-${i}`, label: takes.map((arg) => arg.name).join(" : "), value: args, readonly: disabled,
        help: takes.map((arg) => (takes.length > 1 ? `${arg.name}: ` : "") + argumentHelp(full, arg)).join("; "),
        set: (next) => put(via.map((one, k) => (k === i ? next ? `${name}:${next}` : name : one)))}) : nothing}
      ${disabled ? nothing : button({label: t("cond.remove"), kind: "quiet small", hint: t("mapper.remove_function", {n: i + 1}),
        run: () => put(via.filter((one, k) => k !== i))})}</div>`;
  })}
  ${disabled ? nothing : button({label: t("mapper.add_function"), kind: "quiet small", run: () => put([...via, "text.trim"])})}`;
}

function tableOf(id, data, about, set, disabled) {
  const now = data.table || "";
  return html`${choice({name: id + "-table", label: t("mapper.table"), value: now, none: t("mapper.no_table"), disabled,
    choices: about.tables.map((value) => ({value})), set: (name) => set(name ? {...data, table: name} : without(data, "table",
      "unmapped"))})}
    ${now ? html`${choice({name: id + "-unmapped", label: t("mapper.unmapped"), value: data.unmapped || "park", disabled,
      choices: ["park", "default", "pass", "leave"].map((value) => ({value, title: t("mapper.unmapped_" + value)})), set: (value) => set({...data,
        unmapped: value})})}
      <p><a href=${about.tableLink}>${t("mapper.open_table")}</a></p>` : nothing}`;
}

// ---- the rest ----

function blank(id, data, about, set, disabled) {
  const now = data.default !== undefined ? "default" : data.empty === "clear" ? "clear" : data.required ? "required" : "keep";
  const put = (next) => set({...without(data, "default", "empty", "required"), ...(next === "default" ? {default: ""} : next === "clear"
    ? {empty: "clear"}
    : next === "required" ? {required: true} : {})});
  return html`${radios({name: id + "-blank", label: t("mapper.if_empty"), value: now, disabled, set: put,
    choices: ["keep", "default", "clear", "required"].map((value) => ({value, title: t("mapper.empty_" + value)}))})}
    ${now === "default" ? target(id + "-default", t("mapper.the_default"), data.default, about, (text) => set({...data, default: text}),
      disabled) : nothing}`;
}

// about: {choices (of the fields it may come from), fields, functions, tables, tableLink, load (choices of the destination)}.
export function ruleForm({id, data, about, set, disabled}) {
  const kind = kindOf(data);
  const when = (items) => set(items.length ? {...data, when: items.map((one) => one.data)} : without(data, "when"));
  return html`<div class="rule-form">
    ${source(id, data, about, set, disabled)}
    ${kind === "from" || kind === "expr" ? html`<fieldset><legend>${t("mapper.through")}</legend>${functions(id, data, about, set,
      disabled)}</fieldset>
      ${tableOf(id, data, about, set, disabled)}${blank(id, data, about, set, disabled)}` : nothing}
    ${kind === "complex" ? nothing : html`${choice({name: id + "-on", label: t("mapper.on"), value: data.on || "both", disabled,
      choices: ["both", "create", "update"].map((value) => ({value, title: t("mapper.on_" + value)})),
        set: (value) => set(value === "both" ? without(data, "on") : {...data, on: value})})}
      <details class="when" ?open=${(data.when || []).length > 0}><summary>${t("mapper.when")}</summary>
        ${conditions({id: id + "-when", items: (data.when || []).map((one, i) => ({at: i, id: i, data: one})), fields: about.fields,
          disabled, set: when})}</details>`}
  </div>`;
}
