// SPDX-License-Identifier: MIT
// A setting as its catalogue describes it: the control for its type, its default, whose it is, and the way back.
import {html, nothing, button, words} from "../ui.js";
import {getLanguage, t, known} from "../i18n.js";
import {get, path} from "../api.js";
import {check, choice, field} from "./form.js";
import "./combobox.js";

const kept = new Map(); // choice lists that were fetched

// The values of a choice list of a connection; [] and unreachable where it does not answer.
export async function choicesOf(from) {
  const key = from.connection + "/" + from.list;
  if (!kept.has(key)) {
    kept.set(key, get(path`/connections/${from.connection}/choices`, {list: from.list}).then((out) => out.values, () => {
      kept.delete(key);
      return [];
    }));
  }
  return kept.get(key);
}

// Fields in the reader's words, where their catalogue has them.
export function named(fields) {
  const language = getLanguage();
  const list = (all) => all.map((f) => ({...f, title: f.titles?.[language] || f.title}));
  return {...fields, source: list(fields.source), core: list(fields.core), destination: list(fields.destination)};
}

// For a combobox, which asks for the whole list and looks for what is typed in it itself.
export const choicesLoader = (from) => () => choicesOf(from);

export function find(data, where) {
  return where.split("/").reduce((at, name) => (at && typeof at === "object" ? at[name] : undefined), data);
}

export const valueTitle = (value) => (known("value." + value) ? t("value." + value) : String(value));

const keyOf = (f) => "setting." + f.name.replace("/", "_");

// What a setting is called: by its catalogue in the reader's language, by ours, or in English.
const plainTitle = (f) => f.titles?.[getLanguage()] || (known(keyOf(f)) ? t(keyOf(f)) : f.title);
const plainHelp = (f) => f.helps?.[getLanguage()] || (known(keyOf(f) + ".help") ? t(keyOf(f) + ".help") : f.help);

function titleOf(f) {
  return f.titles?.[getLanguage()] || words(keyOf(f), {}, f.title);
}

function shown(f, value) {
  if (value === undefined || value === null || value === "") return t("own.nothing");
  if (f.type === "boolean") return t(String(value) === "true" ? "own.on" : "own.off");
  const list = Array.isArray(value) ? value : f.many ? String(value).split(",").map((one) => one.trim()) : [value];
  return list.map((one) => (f.values.length ? valueTitle(one) : String(one))).join(", ");
}

// As it stands in the file.
function dataOf(f, text) {
  if (f.type === "integer" && /^\d{1,15}$/.test(text)) return Number(text);
  return text;
}

function several(f, name, now, set, disabled) {
  const list = Array.isArray(now) ? now : String(now || "").split(",").map((one) => one.trim()).filter(Boolean);
  const put = (next) => set(f.name === "match" ? next : next.join(", "));
  return html`<fieldset class="field checks"><legend>${titleOf(f)}</legend>${f.values.map((one) => html`<label class="check"><input
    type="checkbox"
    ?disabled=${disabled} .checked=${list.includes(one)} @change=${(event) => put(event.target.checked ? [...list, one]
      : list.filter((other) => other !== one))}><span>${valueTitle(one)}</span></label>`)}</fieldset>`;
}

function control(f, name, now, set, error, disabled) {
  const spec = {name, label: titleOf(f), help: f.helps?.[getLanguage()] || words(keyOf(f) + ".help", {}, f.help), error,
    required: f.required, disabled,
    readonly: disabled};
  if (f.many && f.values.length) return html`${several(f, name, now, set, disabled)}<p class="help">${spec.help}</p>`;
  if (f.type === "boolean") return check({...spec, value: String(now) === "true", set});
  if (f.type === "choice") {
    return choice({...spec, value: String(now ?? ""), choices: f.values.map((value) => ({value, title: valueTitle(value)})), set});
  }
  if (f.choices && !disabled) {
    return html`<koppel-combobox .name=${name} .label=${plainTitle(f)} .value=${now ?? ""} .error=${error}
      .help=${plainHelp(f)} .free=${true} .load=${choicesLoader(f.choices)} @choose=${(event) =>
        set(event.detail)}></koppel-combobox>`;
  }
  return field({...spec, value: String(now ?? ""), inputmode: f.type === "integer" ? "numeric" : f.type === "decimal" ? "decimal"
    : undefined,
    placeholder: f.default || undefined, set: (text) => set(dataOf(f, text))});
}

// value: what is set (undefined: nothing is); set(value), unset(). line: where it stands. error: what is wrong with it.
export function setting({f, value, set, unset, line, error, disabled = false, changed = false}) {
  const own = value !== undefined;
  const name = "set-" + f.path.replace(/\W/g, "-");
  return html`<div class="setting ${changed ? "changed" : ""}">
    ${control(f, name, own ? value : f.default ?? "", set, error, disabled)}
    <p class="whose">${own ? html`<strong>${t("own.yours")}</strong>` : nothing}
      <span class="muted">${t("own.default", {value: shown(f, f.default)})}</span>
      ${own && line ? html`<code>${line}</code>` : nothing}
      ${f.requires ? html`<span class="muted">${t("own.requires", {name: plainTitle({name: f.requires, title: f.requires})})}</span>`
        : nothing}
      ${own && !disabled ? button({label: t("own.back"), kind: "quiet small", hint: t("own.back_hint", {name: plainTitle(f)}), run: unset})
        : nothing}</p>
  </div>`;
}
