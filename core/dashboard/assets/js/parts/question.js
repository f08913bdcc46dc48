// SPDX-License-Identifier: MIT
// A question of the set-up, or a setting of a connection, as a field: the server says its type, choices and errors.
import {html, nothing} from "../ui.js";
import {t} from "../i18n.js";
import {field, choice, check, radios, secret} from "./form.js";
import "./combobox.js";

const FEW = 5, MANY = 30;

// What holds now: typed here, answered before, or proposed.
export function valueOf(one, answers) {
  if (answers[one.name] !== undefined) return answers[one.name];
  if (one.value !== undefined) return one.value;
  return one.default;
}

export function isAsked(one, all, answers) {
  if (!one.requires) return true;
  const other = all.find((each) => each.name === one.requires.name);
  return !!other && valueOf(other, answers) === one.requires.value;
}

function several(one, value, set) {
  const chosen = new Set(value || []);
  const id = "q-" + one.name;
  return html`<fieldset class="field radios ${one.errors ? "wrong" : ""}" aria-describedby="${id}-help"><legend>${one.title}</legend>
    ${one.choices.map((each) => html`<label><input type="checkbox" name=${id} value=${each.value} .checked=${chosen.has(each.value)}
      @change=${(event) => {
        if (event.target.checked) chosen.add(each.value);
        else chosen.delete(each.value);
        set(one.choices.map((every) => every.value).filter((every) => chosen.has(every)));
      }}><span>${each.title}</span></label>`)}
    ${one.help ? html`<p class="help" id="${id}-help">${one.help}</p>` : nothing}
    ${(one.errors || []).map((text) => html`<p class="error">${text}</p>`)}</fieldset>`;
}

export function question(one, {value, set}) {
  const error = (one.errors || []).join("; ") || undefined;
  const spec = {name: "q-" + one.name, label: one.title, help: one.help, error, required: one.required, value: value ?? "", set};
  if (one.secret) return secret({...spec, value: value ?? "", isSet: one.set});
  if (one.type === "boolean") return check({...spec, value: value === true});
  if (one.choices && one.many) return several(one, value, set);
  if (one.choices && !one.free) {
    if (one.choices.length <= FEW && !error) return radios({...spec, choices: one.choices});
    if (one.choices.length <= MANY) return choice({...spec, choices: one.choices, none: value ? undefined : t("setup.choose")});
    return html`<koppel-combobox .name=${spec.name} .label=${one.title} .help=${one.help} .error=${error} .choices=${one.choices}
      .value=${value ?? ""} @choose=${(event) => set(event.detail)}></koppel-combobox>`;
  }
  const kinds = {url: {inputmode: "url"}, integer: {inputmode: "numeric"}, date: {type: "date"}};
  return field({...spec, ...kinds[one.type]});
}
