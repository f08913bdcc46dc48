// SPDX-License-Identifier: MIT
// Fields of forms. Each has a name (its id, unique on the page), a label, and maybe a help, an error and a value;
// set(value) is told of every change.
import {html, nothing} from "../ui.js";
import {t} from "../i18n.js";
import {live} from "../lit/directives/live.js";

function around({name, label, help, error, required, wide}, input) {
  return html`<div class="field ${error ? "wrong" : ""} ${wide ? "wide" : ""}">
    <label for=${name}>${label}${required ? html`<span class="required" aria-hidden="true"> *</span>` : nothing}</label>
    ${input}
    ${help ? html`<p class="help" id="${name}-help">${help}</p>` : nothing}
    ${error ? html`<p class="error" id="${name}-error">${error}</p>` : nothing}
  </div>`;
}

const described = ({name, help, error}) =>
  [help && name + "-help", error && name + "-error"].filter(Boolean).join(" ") || nothing;

// type: as of <input>. auto: autocomplete.
export function field(spec) {
  const {name, type = "text", value = "", required, error, set, auto, placeholder, readonly, inputmode, min, max} = spec;
  return around(spec, html`<input id=${name} name=${name} type=${type} .value=${live(value ?? "")} ?required=${required}
    ?readonly=${readonly} autocomplete=${auto || "off"} placeholder=${placeholder || nothing} inputmode=${inputmode || nothing}
    min=${min ?? nothing} max=${max ?? nothing} aria-invalid=${error ? "true" : nothing} aria-describedby=${described(spec)}
    spellcheck="false" @input=${(event) => set?.(event.target.value)}>`);
}

export function area(spec) {
  const {name, value = "", rows = 4, required, error, set, readonly, code} = spec;
  return around(spec, html`<textarea id=${name} name=${name} rows=${rows} class=${code ? "code" : ""} ?required=${required}
    ?readonly=${readonly} aria-invalid=${error ? "true" : nothing} aria-describedby=${described(spec)} spellcheck=${code ? "false" : "true"}
    .value=${live(value ?? "")} @input=${(event) => set?.(event.target.value)}></textarea>`);
}

// choices: [{value, title}]; none: the word for "no choice", where that is one.
export function choice(spec) {
  const {name, value = "", choices, none, required, error, set, disabled} = spec;
  return around(spec, html`<select id=${name} name=${name} ?required=${required} ?disabled=${disabled}
    aria-invalid=${error ? "true" : nothing} aria-describedby=${described(spec)} @change=${(event) => set?.(event.target.value)}>
    ${none === undefined ? nothing : html`<option value="" ?selected=${!value}>${none}</option>`}
    ${choices.map((one) => html`<option value=${one.value} ?selected=${one.value === value}>${one.title ?? one.value}</option>`)}
  </select>`);
}

export function check({name, label, help, value, set, disabled}) {
  return html`<div class="field check"><label for=${name}><input id=${name} name=${name} type="checkbox" ?disabled=${disabled}
    .checked=${live(!!value)} aria-describedby=${help ? name + "-help" : nothing} @change=${(event) => set?.(event.target.checked)}>
    <span>${label}</span></label>${help ? html`<p class="help" id="${name}-help">${help}</p>` : nothing}</div>`;
}

// A few choices, all in sight.
export function radios({name, label, help, value, choices, set, disabled}) {
  return html`<fieldset class="field radios"><legend>${label}</legend>
    ${choices.map((one) => html`<label><input type="radio" name=${name} value=${one.value} ?disabled=${disabled}
      .checked=${live(one.value === value)} @change=${() => set?.(one.value)}><span>${one.title ?? one.value}</span></label>`)}
    ${help ? html`<p class="help">${help}</p>` : nothing}</fieldset>`;
}

// What is never shown again. isSet: there is one; it is kept while the field stays empty.
export function secret(spec) {
  return field({...spec, type: "password", auto: spec.auto || "off",
    placeholder: spec.isSet ? t("ui.secret_set") : undefined,
    help: spec.help || (spec.isSet ? t("ui.secret_keep") : undefined)});
}
