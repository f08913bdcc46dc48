// SPDX-License-Identifier: MIT
// A question that must be answered before anything else. Escape and Cancel answer null; the focus goes back to
// where it was.
//
//   const own = await ask({title, text, confirm: "Skip 4 records", danger: true, own: {why: ""},
//     body: (own, change) => html`...`,          change(fn) alters own and draws anew
//     check: (own) => own.why ? "" : t("..."),   "" where it may be confirmed, else what is missing
//     run: async (own, tell) => ...})            done before the dialog closes; an error stays in it
import {html, nothing, render, errorBody, errorTitle, banner, button} from "../ui.js";
import {t} from "../i18n.js";
import {busy} from "../api.js";

let number = 0;

export function ask(spec) {
  const element = document.createElement("dialog");
  const id = "dialog-" + ++number;
  const own = spec.own || {};
  const state = {running: false, error: null, missing: ""};
  document.body.append(element);
  return new Promise((resolve) => {
    const finish = (value) => {
      element.close();
      element.remove();
      resolve(value);
    };
    const change = (fn) => {
      fn?.(own);
      draw();
    };
    const confirm = async (event) => {
      event.preventDefault();
      if (state.running) return;
      state.missing = spec.check?.(own) || "";
      state.error = null;
      if (state.missing || !spec.run) {
        draw();
        if (!state.missing) finish(own);
        return;
      }
      state.running = true;
      const done = busy();
      draw();
      try {
        const value = await spec.run(own, () => draw());
        finish(value === undefined ? own : value);
      } catch (error) {
        if (error.code === undefined) console.error(error);
        state.error = error;
        state.running = false;
        draw();
      } finally {
        done();
      }
    };
    const draw = () => render(html`<form method="dialog" novalidate @submit=${confirm}>
      <h2 id=${id}>${spec.title}</h2>
      ${spec.text ? html`<p>${spec.text}</p>` : nothing}
      ${spec.body ? spec.body(own, change) : nothing}
      ${state.missing ? html`<p class="error" role="alert">${state.missing}</p>` : nothing}
      ${state.error ? banner({tone: "bad", title: errorTitle(state.error), text: errorBody(state.error), alert: true}) : nothing}
      <div class="actions">
        ${spec.confirm === null ? nothing : button({label: spec.confirm || t("ui.ok"), type: "submit",
          kind: spec.danger ? "danger" : "main", disabled: state.running})}
        ${button({label: spec.cancel || (spec.confirm === null ? t("ui.close") : t("ui.cancel")), run: () => finish(null)})}
      </div>
    </form>`, element);
    element.setAttribute("aria-labelledby", id);
    if (spec.wide) element.classList.add("wide");
    element.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    draw();
    element.showModal();
    element.querySelector("[data-first], input, select, textarea")?.focus();
  });
}
