// SPDX-License-Identifier: MIT
// The cases of a flow beside the mapper: how many pass with the draft, what differs, a new one of the record at hand.
import {html, nothing, button, mark} from "../ui.js";
import {t} from "../i18n.js";
import {path, send} from "../api.js";

const failing = (own) => (own.cases || []).filter((one) => one.accepted && !one.passes && !own.accept.has(one.case));

export function casesBar(state, act, show) {
  const {own} = state, all = own.cases || [], bad = failing(own);
  return html`<div class="cases-bar"><span>${!own.cases ? t("mapper.cases_unknown") : !all.length ? t("mapper.cases_none")
    : mark(bad.length ? "parked" : "done", t("mapper.cases", {n: all.length, of: all.length, pass: all.length - bad.length}))}</span>
    ${all.length ? button({label: t("mapper.cases_see"), run: show}) : nothing}
    ${state.can("admin") && own.record ? button({label: t("mapper.case_make"), hint: t("mapper.case_make_hint"), run: () => make(state,
      act)}) : nothing}</div>`;
}

async function make(state, act) {
  const {own} = state;
  if (!await act.ask({title: t("mapper.case_title", {key: own.record.key}), text: t("mapper.case_text"),
    confirm: t("mapper.case_do")})) return;
  const out = await act.run(() => send("POST", path`/flows/${state.rest}/cases`, {key: own.record.key}));
  if (!out) return;
  act.say(out.saved ? t("mapper.case_made", {name: out.case}) : t("mapper.case_not_made"));
  act.change(() => {
    own.began = false;
    own.row = null;
  });
}

const text = (value) => (value === undefined || value === null ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value));

export function showCases(state, act, moved) {
  const {own} = state;
  return act.ask({title: t("mapper.cases_title"), wide: true, confirm: null, body: (mine,
    change) => html`<p class="help">${t("mapper.cases_help")}</p>
    ${own.cases.map((one) => html`<div class="case"><h3>${one.case} ${mark(one.passes ? "done" : "parked", one.passes
      ? t("mapper.case_passes") : t("mapper.case_fails"))}</h3>
      ${one.differences.length ? html`<table class="cards" role="table" aria-label=${t("mapper.differences", {name: one.case})}><thead
        role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${t("mapper.field")}</th>
        <th role="columnheader" scope="col">${t("mapper.expected")}</th><th role="columnheader"
          scope="col">${t("mapper.got")}</th></tr></thead>
        <tbody role="rowgroup">${one.differences.slice(0, 20).map((row) => html`<tr role="row"><th role="rowheader" scope="row"
          class="main"><code>${row.path}</code></th>
          <td role="cell" data-label=${t("mapper.expected")}>${text(row.expected)}</td><td role="cell"
            data-label=${t("mapper.got")}>${text(row.got)}</td></tr>`)}</tbody></table>` : nothing}
      ${!one.passes && state.can("admin") ? html`<label class="check"><input type="checkbox" .checked=${own.accept.has(one.case)}
        @change=${(event) => {
        if (event.target.checked) own.accept.add(one.case);
        else own.accept.delete(one.case);
        change();
        moved();
      }}><span>${t("mapper.case_accept")}</span></label>` : nothing}</div>`)}`});
}
