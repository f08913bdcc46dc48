// SPDX-License-Identifier: MIT
// A choice list that is searched by typing, by keyboard and pointer alike:
//   <koppel-combobox .name=${"x"} .label=${"..."} .choices=${[{value, title, hint}]} .value=${v} .none=${"..."}
//     @choose=${(event) => event.detail}></koppel-combobox>      detail: the value
// load: in place of choices, async () => choices, asked when it is opened. free: what is typed may be taken as it is.
import {html, nothing, render} from "../ui.js";
import {t} from "../i18n.js";
import {busy} from "../api.js";

const SHOWN = 50;
const folded = (text) => String(text ?? "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class Combobox extends HTMLElement {
  #open = false;
  #text = null; // what is typed; null: the title of the value is shown
  #at = -1;
  #found = null; // what load answered
  #asked = 0;
  #set = {};

  connectedCallback() {
    this.addEventListener("focusout", (event) => {
      if (!this.contains(event.relatedTarget)) this.#shut();
    });
    this.#draw();
  }

  set name(value) { this.#change("name", value); }
  set label(value) { this.#change("label", value); }
  set hidden_label(value) { this.#change("hidden_label", value); }
  set choices(value) { this.#change("choices", value); }
  set value(value) { this.#change("value", value); }
  get value() { return this.#set.value; }
  set error(value) { this.#change("error", value); }
  set help(value) { this.#change("help", value); }
  set free(value) { this.#change("free", value); }
  set load(value) { this.#change("load", value); }
  set disabled(value) { this.#change("disabled", value); }

  #change(name, value) {
    if (this.#set[name] === value || (name === "load" && this.#set.load)) return;
    this.#set[name] = value;
    if (this.isConnected) this.#draw();
  }

  get #all() {
    return this.#found || this.#set.choices || [];
  }

  get #shown() {
    if (!this.#text) return this.#all.slice(0, SHOWN);
    const typed = this.#text.trim();
    const parts = folded(this.#text).split(/\s+/).filter(Boolean);
    const found = this.#all.filter((one) => {
      const text = folded(`${one.title ?? ""} ${one.value} ${one.hint ?? ""}`);
      return parts.every((part) => text.includes(part));
    }).slice(0, SHOWN);
    if (this.#set.free && typed && !this.#all.some((one) => String(one.value) === typed)) {
      found.push({value: typed, title: t("ui.take_typed", {text: typed}), typed: true});
    }
    return found;
  }

  #title() {
    const {value} = this.#set;
    if (value === null || value === undefined || value === "") return "";
    const found = [...(this.#set.choices || []), ...(this.#found || [])].find((one) => one.value === value);
    return found ? found.title ?? String(found.value) : String(value);
  }

  async #ask() {
    if (!this.#set.load) return;
    const turn = ++this.#asked;
    const done = busy();
    try {
      const found = await this.#set.load();
      if (turn !== this.#asked) return;
      this.#found = found;
    } catch {
      this.#found = [];
    } finally {
      done();
    }
    this.#draw();
  }

  #unfold() {
    if (this.#open || this.#set.disabled) return;
    this.#open = true;
    this.#at = -1;
    this.#draw();
    this.#ask();
  }

  #shut() {
    if (!this.#open && this.#text === null) return;
    this.#open = false;
    this.#text = null;
    this.#draw();
  }

  #choose(one) {
    this.#set.value = one.value;
    this.#shut();
    this.#draw();
    this.dispatchEvent(new CustomEvent("choose", {detail: one.value, bubbles: true}));
  }

  #key(event) {
    const shown = this.#shown;
    if (event.key === "Escape" && this.#open) {
      event.preventDefault();
      event.stopPropagation();
      this.#shut();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.#open) this.#unfold();
      else if (shown.length) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.#at = (this.#at + step + shown.length) % shown.length;
        this.#draw();
        this.querySelector("[aria-selected=true]")?.scrollIntoView({block: "nearest"});
      }
    } else if (event.key === "Enter" && this.#open) {
      event.preventDefault();
      const one = shown[this.#at] || (shown.length === 1 ? shown[0] : null);
      if (one) this.#choose(one);
    }
  }

  #draw() {
    const {name, label, error, help, disabled, hidden_label: hidden} = this.#set;
    const id = name || "choice", shown = this.#open ? this.#shown : [];
    const about = [help && id + "-help", error && id + "-error"].filter(Boolean).join(" ") || nothing;
    render(html`<div class="field combobox ${error ? "wrong" : ""}">
      <label for=${id} class=${hidden ? "hidden" : ""}>${label}</label>
      <input id=${id} role="combobox" type="text" autocomplete="off" spellcheck="false" aria-autocomplete="list"
        aria-expanded=${this.#open ? "true" : "false"} aria-controls="${id}-list" ?disabled=${disabled}
        aria-activedescendant=${this.#at >= 0 && this.#open ? `${id}-${this.#at}` : nothing}
        aria-invalid=${error ? "true" : nothing} aria-describedby=${about}
        .value=${this.#text ?? this.#title()} @click=${() => this.#unfold()}
        @input=${(event) => {
          this.#text = event.target.value;
          this.#open = true;
          this.#at = -1;
          this.#draw();
          if (!this.#found) this.#ask();
        }} @keydown=${(event) => this.#key(event)}>
      <ul id="${id}-list" role="listbox" aria-label=${label} ?hidden=${!this.#open}>
        ${shown.map((one, i) => html`<li id="${id}-${i}" role="option" aria-selected=${i === this.#at ? "true" : "false"}
          @pointerdown=${(event) => event.preventDefault()} @click=${() => this.#choose(one)}>
          <span>${one.title ?? one.value}</span>${one.title && !one.typed && one.title !== String(one.value)
            ? html`<small>${one.value}</small>` : nothing}${one.hint ? html`<small>${one.hint}</small>` : nothing}</li>`)}
        ${this.#open && !shown.length
          ? html`<li role="option" aria-disabled="true" aria-selected="false">${t("ui.none_found")}</li>` : nothing}
      </ul>
      ${help ? html`<p class="help" id="${id}-help">${help}</p>` : nothing}
      ${error ? html`<p class="error" id="${id}-error">${error}</p>` : nothing}
    </div>`, this);
  }
}

customElements.define("koppel-combobox", Combobox);
