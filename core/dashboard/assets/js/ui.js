// SPDX-License-Identifier: MIT
// What pages are made of: templates of lit-html, and the parts that look and behave alike everywhere.
// Forms are in parts/form.js, the choice list in parts/combobox.js, dialogs come by act.ask (parts/dialog.js).
import {html, svg, nothing, render} from "./lit/lit-html.js";
import {repeat} from "./lit/directives/repeat.js";
import {t, known, when, number} from "./i18n.js";

export {html, svg, nothing, render, repeat};

// ---- shapes ----

const SHAPES = {
  check: svg`<path d="M3 8.5 6.5 12 13 4.5"/>`,
  cross: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
  up: svg`<path d="M8 2.5 14.5 13.5h-13z"/><path d="M8 6.5v3.5M8 11.8v.2"/>`,
  skip: svg`<path d="M2.5 11.5a5.5 5.5 0 0 1 10-2.5"/><path d="M13 4.5V9H8.5"/>`,
  half: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5a5.5 5.5 0 0 0 0 11z" class="fill"/>`,
  dot: svg`<circle cx="8" cy="8" r="5" class="fill"/>`,
  ring: svg`<circle cx="8" cy="8" r="5"/>`,
  pause: svg`<path d="M5.5 3v10M10.5 3v10"/>`,
  play: svg`<path d="M5 3.2 12.5 8 5 12.8z"/>`,
  clock: svg`<circle cx="8" cy="8" r="5.8"/><path d="M8 4.5V8l2.5 1.6"/>`,
  right: svg`<path d="m6 3.5 4.5 4.5L6 12.5"/>`,
  down: svg`<path d="m3.5 6 4.5 4.5L12.5 6"/>`,
  left: svg`<path d="M10 3.5 5.5 8l4.5 4.5"/>`,
  search: svg`<circle cx="7" cy="7" r="4.2"/><path d="m10.2 10.2 3.6 3.6"/>`,
  menu: svg`<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>`,
  again: svg`<path d="M13 8a5 5 0 1 1-1.5-3.6L13 6"/><path d="M13 2.5V6H9.5"/>`,
  out: svg`<path d="M6.5 3.5h-3v9h9v-3"/><path d="M9 2.5h4.5V7M13 3 7.5 8.5"/>`,
  edit: svg`<path d="m3 13 .6-2.9L10.8 3l2.2 2.2-7.2 7.2z"/>`,
  info: svg`<circle cx="8" cy="8" r="5.8"/><path d="M8 7.3v3.6M8 5.1v.2"/>`,
  help: svg`<circle cx="8" cy="8" r="5.8"/><path d="M6.3 6.3a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.9.6-.9 1.3M8 11.2v.2"/>`,
  hosts: svg`<rect x="2.5" y="2.5" width="11" height="4.5" rx="1"/><rect x="2.5" y="9" width="11" height="4.5" rx="1"/>
    <path d="M5 4.8h.2M5 11.3h.2"/>`,
  user: svg`<circle cx="8" cy="5.5" r="2.7"/><path d="M2.8 13.5c.6-2.6 2.6-4 5.2-4s4.6 1.4 5.2 4"/>`,
  tone: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5v11a5.5 5.5 0 0 0 0-11z" class="fill"/>`,
  home: svg`<path d="M2.5 8 8 3l5.5 5M4.5 7v6h7V7"/>`,
  list: svg`<path d="M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.2M2.5 8h.2M2.5 12h.2"/>`,
  flow: svg`<circle cx="3.8" cy="8" r="1.8"/><circle cx="12.2" cy="4" r="1.8"/><circle cx="12.2" cy="12" r="1.8"/>
    <path d="M5.5 7.3 10.5 4.8M5.5 8.7l5 2.5"/>`,
  map: svg`<path d="M2.5 4h4M2.5 8h4M2.5 12h4M9.5 4h4M9.5 12h4M9.5 8h4M6.5 4l3 4M6.5 8l3 4"/>`,
  plug: svg`<path d="M6 2.5v3M10 2.5v3M4 5.5h8v2a4 4 0 0 1-8 0zM8 11.5v2.5"/>`,
  scales: svg`<path d="M8 2.5v11M4.5 13.5h7M3 4.5h10M3 4.5 1.5 9h3zM13 4.5 11.5 9h3z"/>`,
  bell: svg`<path d="M4 11V7a4 4 0 0 1 8 0v4l1 1.2H3zM6.8 14h2.4"/>`,
  gear: svg`<circle cx="8" cy="8" r="2.2"/><path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5
    M5 11l-1.4 1.4"/>`,
  people: svg`<circle cx="6" cy="5.5" r="2.3"/><path d="M1.8 13c.4-2.4 2-3.6 4.2-3.6s3.8 1.2 4.2 3.6M10.5 3.5a2.2 2.2 0 0 1 0 4
    M11.8 9.8c1.4.4 2.2 1.5 2.5 3.2"/>`,
  book: svg`<path d="M3 3h4a1 1 0 0 1 1 1v9.5a1.5 1.5 0 0 0-1.5-1.5H3zM13 3H9a1 1 0 0 0-1 1v9.5A1.5 1.5 0 0 1 9.5 12H13z"/>`,
};

// A shape beside words; it says nothing by itself.
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;
}

// How a state looks: [tone, shape]. The word is t("state." + name).
const STATES = {
  done: ["ok", "check"], running: ["ok", "dot"], idle: ["ok", "check"], live: ["ok", "dot"], closed: ["ok", "check"],
  in: ["ok", "check"], settings: ["ok", "check"],
  parked: ["bad", "up"], stopped: ["bad", "cross"], failing: ["bad", "cross"], open: ["bad", "cross"],
  ended: ["bad", "cross"], out: ["bad", "cross"], away: ["bad", "cross"], blocked: ["bad", "cross"], error: ["bad", "cross"],
  waiting: ["warn", "half"], resting: ["warn", "half"], "half-open": ["warn", "half"], unsure: ["warn", "half"],
  sending: ["info", "half"], held: ["warn", "half"], warning: ["warn", "up"],
  paused: ["calm", "pause"], off: ["calm", "ring"], skipped: ["calm", "skip"], none: ["calm", "ring"], new: ["info", "ring"],
};

// State = shape + word, never colour alone. word: in place of the usual one.
export function mark(state, word) {
  const [tone, shape] = STATES[state] || ["calm", "ring"];
  return html`<span class="mark ${tone}">${icon(shape)}<span>${word ?? t("state." + state)}</span></span>`;
}

// ---- words ----

// The text of a key in the reader's language; where there is none what the server said, marked as English.
export function words(key, facts, english) {
  if (known(key)) return t(key, facts);
  return english ? html`<span lang="en">${english}</span>` : nothing;
}

// An address of a page: link("activity", {flow: "orders"}) · link("record/orders/3/12").
export function link(page, params) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(params || {})) {
    if (value !== null && value !== undefined && value !== "") pairs.append(name, value);
  }
  const text = pairs.toString();
  return "#/" + page.split("/").map(encodeURIComponent).join("/") + (text ? "?" + text : "");
}

export function count(n) {
  return html`<span class="count">${number(n)}</span>`;
}

// ---- buttons, tabs, pages of a list ----

// kind: "main", "quiet", "danger" or nothing. key: the key of the keyboard that does the same.
export function button({label, run, kind = "", shape, disabled = false, hint, key, type = "button"}) {
  return html`<button type=${type} class="button ${kind}" ?disabled=${disabled} title=${hint || nothing}
    aria-keyshortcuts=${key || nothing} @click=${run}>${shape ? icon(shape) : nothing}${label}</button>`;
}

// tabs: [{name, label, n}]; the panel is drawn by the page: <div role="tabpanel" id="panel-NAME" aria-labelledby="tab-NAME">.
export function tabs({label, list, now, choose}) {
  const move = (event) => {
    const at = list.findIndex((one) => one.name === now);
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = list[(to + list.length) % list.length];
    choose(next.name);
    requestAnimationFrame(() => document.getElementById("tab-" + next.name)?.focus());
  };
  return html`<div role="tablist" class="tabs" aria-label=${label} @keydown=${move}>
    ${list.map((one) => html`<button role="tab" type="button" id="tab-${one.name}" aria-selected=${one.name === now}
      aria-controls=${one.name === now ? "panel-" + one.name : nothing} tabindex=${one.name === now ? 0 : -1}
      @click=${() => choose(one.name)}>${one.label}${one.n === undefined ? nothing : html` ${count(one.n)}`}</button>`)}
  </div>`;
}

// ---- table, which becomes cards where there is no room ----

const orders = new Map(); // name of a table -> the keys of its rows as they stood

// Rows stay where they are while the focus is among them: what is pointed at must not move.
function steady(name, rows, key) {
  const before = orders.get(name);
  const focused = document.activeElement?.closest?.(`table[data-table="${CSS.escape(name)}"]`);
  let out = rows;
  if (before && focused && before.length === rows.length) {
    const place = new Map(before.map((one, i) => [one, i]));
    if (rows.every((row) => place.has(key(row)))) {
      out = [...rows].sort((a, b) => place.get(key(a)) - place.get(key(b)));
    }
  }
  orders.set(name, out.map(key));
  return out;
}

// columns: [{name, title, cell(row), kind}]; kind "main" is the row's head and its link, "num" stands to the right,
// "wide" takes what room is left. href(row): where the row leads. select: {has(key), toggle(key), label(row)}.
// tone(row): a class of the row.
export function table({name, caption, columns, rows, key, href, select, tone, label}) {
  const body = (column, row) => {
    const cell = column.cell(row);
    if (column.kind === "main") {
      return html`<th scope="row" role="rowheader" class="main">${href?.(row)
        ? html`<a href=${href(row)} data-row-link>${cell}</a>` : cell}</th>`;
    }
    const none = cell === nothing || cell === "" || cell === null || cell === undefined;
    return html`<td role="cell" class="${column.kind || ""} ${none ? "none" : ""}" data-label=${column.title}>${cell}</td>`;
  };
  return html`<table class="cards" role="table" data-table=${name} aria-label=${caption}>
    <thead role="rowgroup"><tr role="row">
      ${select ? html`<th role="columnheader" scope="col" class="pick"><span class="hidden">${t("ui.select")}</span></th>` : nothing}
      ${columns.map((one) => html`<th role="columnheader" scope="col" class=${one.kind || ""}>${one.title}</th>`)}
    </tr></thead>
    <tbody role="rowgroup">${repeat(steady(name, rows, key), key, (row) => html`
      <tr role="row" data-row=${key(row)} class=${tone?.(row) || ""}>
        ${select ? html`<td role="cell" class="pick"><label class="pick"><input type="checkbox" data-row-pick
          .checked=${select.has(key(row))} @change=${() => select.toggle(key(row))}
          ><span class="hidden">${t("ui.select_row", {name: (select.label || label || key)(row)})}</span></label></td>` : nothing}
        ${columns.map((one) => body(one, row))}
      </tr>`)}</tbody>
  </table>`;
}

// A list of names and values: [[label, value], ...]; what has no value is left out.
export function pairs(list) {
  return html`<dl class="pairs">${list.filter(([, value]) => value !== nothing && value !== "" && value !== null &&
    value !== undefined).map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

// ---- bars ----

// What was settled when: done below, parked on top. spans: [{at, done, parked}]. label: what it says in a sentence.
export function bars(spans, {label, small = false} = {}) {
  const most = Math.max(1, ...spans.map((one) => one.done + one.parked));
  const high = (n) => (n ? Math.max(2, 40 * n / most) : 0);
  return html`<svg class="bars ${small ? "small" : ""}" viewBox="0 0 ${spans.length * 4} 41" preserveAspectRatio="none" role="img"
    aria-label=${label}>${spans.map((one, i) => svg`<rect class="rail" x=${i * 4} y="40" width="3" height="1"/>
    <rect class="done" x=${i * 4} y=${40 - high(one.done)} width="3" height=${high(one.done)}/>
    ${one.parked ? svg`<rect class="parked" x=${i * 4} y=${40 - high(one.done) - high(one.parked)} width="3" height=${high(one.parked)}/>` : nothing}`)}</svg>`;
}

// ---- the states of a page ----

export function loading() {
  return html`<div class="skeleton" role="status"><span class="hidden">${t("ui.loading")}</span>
    ${[1, 2, 3, 4, 5].map(() => html`<i></i>`)}</div>`;
}

// Says why there is nothing, and what to do next.
export function empty({title, text, action, shape = "check"}) {
  return html`<div class="state">${icon(shape)}<h2>${title}</h2>${text ? html`<p>${text}</p>` : nothing}${action || nothing}</div>`;
}

// What a failure is called: by its code in the reader's language, else what the server said.
export function errorTitle(error) {
  if (known("problem." + error.code)) return t("problem." + error.code, error.facts);
  if (error.title) return error.title;
  return t("problem.other");
}

function mistake(one) {
  const place = one.file ? one.file + (one.line ? ":" + one.line : "") : one.path || "";
  return html`<li>${place ? html`<code>${place}</code> ` : nothing}<span lang="en">${one.text}</span>${one.nearest
    ? html` <span class="muted">${t("ui.nearest", {name: one.nearest})}</span>` : nothing}</li>`;
}

export function errorBody(error) {
  const said = error.text && error.text !== error.code && error.text !== errorTitle(error);
  return html`${said ? html`<p lang="en">${error.text}</p>` : nothing}
    ${known("remedy." + error.code) ? html`<p>${t("remedy." + error.code)}</p>`
      : error.remedy ? html`<p lang="en">${error.remedy}</p>` : nothing}
    ${error.mistakes?.length ? html`<ul class="mistakes">${error.mistakes.map(mistake)}</ul>` : nothing}
    ${error.request ? html`<p class="muted">${t("ui.request", {request: error.request})}</p>` : nothing}`;
}

// again: tries it once more. asOf: what is still shown is of then.
export function failed(error, {again, asOf} = {}) {
  return html`<div class="state bad" role="alert">${icon("cross")}<h2>${errorTitle(error)}</h2>${errorBody(error)}
    ${asOf ? html`<p class="muted">${t("ui.as_of", {at: when(asOf)})}</p>` : nothing}
    ${again ? button({label: t("ui.again"), run: again, shape: "again"}) : nothing}</div>`;
}

export function noRight(role) {
  return html`<div class="state">${icon("user")}<h2>${t("ui.no_right")}</h2>
    <p>${t("ui.no_right_text", {role: t("role." + role)})}</p></div>`;
}

export function gone(text, at) {
  return html`<div class="state">${icon("clock")}<h2>${t("ui.gone")}</h2>
    <p>${text || (at ? t("ui.gone_at", {at: when(at)}) : t("ui.gone_text"))}</p></div>`;
}

// A line across the page. tone: "bad", "warn", "info", "ok".
export function banner({tone = "info", title, text, action, alert = false}) {
  return html`<div class="banner ${tone}" role=${alert ? "alert" : "note"}>${icon({bad: "cross", warn: "up", ok: "check"}[tone] || "info")}
    <div><strong>${title}</strong>${text ? html` <span>${text}</span>` : nothing}</div>${action || nothing}</div>`;
}

export function progress({done, of, label}) {
  return html`<span class="progress"><progress max=${of || 1} .value=${done || 0} aria-label=${label}></progress>
    <span>${t("ui.progress", {done: number(done || 0), of: number(of || 0)})}</span></span>`;
}
