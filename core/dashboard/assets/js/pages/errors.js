// SPDX-License-Identifier: MIT
// The error desk: what waits for a person, by cause, and what helps, in place.
import {html, nothing, repeat, mark, link, empty, button, icon} from "../ui.js";
import {t, clock, when, number} from "../i18n.js";
import {get} from "../api.js";
import {choice} from "../parts/form.js";
import {came, openIn, nameOf, amountOf, linkOf, reasonOf, retry, retryAsked, skipAsked, batchSign} from "../parts/jobs.js";
import {remedy} from "../parts/remedy.js";

const SORTS = {most: (a, b) => size(b) - size(a), newest: (a, b) => b.last.localeCompare(a.last),
  oldest: (a, b) => a.first.localeCompare(b.first)};
const SHOWN = 10;
const size = (one) => one.parked + one.waiting;

async function unfold(one, state, act) {
  const {own} = state;
  if (own.open.has(one.cause)) {
    own.open.delete(one.cause);
    act.change();
    return;
  }
  await act.run(async () => {
    own.open.set(one.cause, (await get("/jobs", {cause: one.cause, limit: SHOWN})).jobs);
  }, {quiet: true});
}

function examples(one, state) {
  const jobs = state.own.open.get(one.cause);
  if (!jobs) return nothing;
  return html`<ul class="examples" id="jobs-${one.cause}">${jobs.map((job) => html`<li><a href=${linkOf(job.job)}>${nameOf(job)}</a>
    <span>${job.brief?.title || nothing}</span><span class="num">${amountOf(job)}</span>
    ${openIn(job)}<time class="muted" datetime=${job.finished || job.at}>${clock(job.finished || job.at)}</time></li>`)}
    ${size(one) > jobs.length ? html`<li><a href=${link("activity", {cause: one.cause})}>${t("errors.all_of", {n: size(one)})}</a></li>`
      : nothing}</ul>`;
}

function cause(one, state, act) {
  const {own} = state, may = state.can("operator"), open = own.open.has(one.cause);
  const toggle = () => act.change(() => (own.picked.has(one.cause) ? own.picked.delete(one.cause) : own.picked.add(one.cause)));
  return html`<li class="cause" data-row=${one.cause} aria-label=${t("errors.cause_of", {flow: one.flow, n: size(one)})}>
    <header>
      ${may ? html`<label class="pick"><input type="checkbox" data-row-pick .checked=${own.picked.has(one.cause)} @change=${toggle}
        ><span class="hidden">${t("ui.select_row", {name: one.flow})}</span></label>` : nothing}
      <h2>${mark(one.remedy?.do === "nothing" ? "waiting" : "parked", one.flow)} <span>${reasonOf(one)}</span></h2>
      <strong class="size">${number(size(one))}<span class="hidden"> ${t("errors.records")}</span></strong>
    </header>
    <p class="muted when">${t("errors.since", {at: when(one.first)})}${one.last === one.first ? nothing
      : html` · ${t("errors.newest", {at: clock(one.last)})}`}${one.remedy?.severity === "error" ? html` · ${t("errors.severe")}`
        : nothing}</p>
    <p class="said" lang="en">${one.text}</p>
    ${remedy(one, state, act)}
    <div class="actions">
      ${may && one.remedy?.do !== "nothing" ? html`${button({label: t("jobs.retry", {n: size(one)}), shape: "again",
        run: () => retryAsked(act, own, {cause: one.cause})})}${button({label: t("jobs.skip", {n: size(one)}), shape: "skip", kind: "quiet",
        run: () => skipAsked(act, own, {cause: one.cause})})}` : nothing}
      <button type="button" class="button quiet" data-row-link aria-expanded=${open ? "true" : "false"} aria-controls="jobs-${one.cause}"
        @click=${() => unfold(one, state, act)}>${icon(open ? "down" : "right")}${t("errors.show")}</button>
    </div>
    ${examples(one, state)}
  </li>`;
}

function here(state) {
  const at = document.activeElement?.closest?.("[data-row]")?.dataset.row;
  return state.data.causes.find((one) => one.cause === at);
}

const STEP = 30; // causes that are drawn at first, and more at a time

export const page = {
  name: "errors",
  title: "errors.title",
  role: "viewer",
  events: ["flow", "run", "cause", "config"],
  own: () => ({picked: new Set(), open: new Map(), chosen: new Map(), missing: null, batch: null, most: STEP}),
  keys: {
    a: {text: "errors.key_act", run: () =>
      document.activeElement?.closest?.("[data-row]")?.querySelector("input[role=combobox], .do ~ .button")?.focus()},
    r: {text: "errors.key_retry", run: (state, act) => {
      const one = here(state);
      if (one && state.can("operator")) retryAsked(act, state.own, {cause: one.cause});
    }},
  },

  async load({own, signal}) {
    const [{causes}, {flows}] = await Promise.all([get("/causes", {}, {signal}), get("/flows", {}, {signal})]);
    for (const set of [own.picked, own.open]) {
      for (const name of [...set.keys()]) {
        if (!causes.some((one) => one.cause === name)) set.delete(name);
      }
    }
    return {causes, flows: flows.map((flow) => flow.flow).sort(), last: flows.map((flow) => flow.last_good).filter(Boolean).sort().pop()};
  },

  view(state, act) {
    const {data, own, params} = state;
    came.from = location.hash;
    const shown = data.causes.filter((one) => (!params.flow || one.flow === params.flow) && (!params.cause || one.cause === params.cause))
      .sort(SORTS[params.sort] || SORTS.most);
    const total = shown.reduce((all, one) => all + size(one), 0), chosen = shown.filter((one) => own.picked.has(one.cause));
    if (!data.causes.length) {
      return html`${batchSign(act, own)}${empty({title: t("errors.none"), text: data.last ? t("errors.last", {at: when(data.last)})
        : ""})}`;
    }
    return html`<div class="filters">
        <p class="lead sum">${t("errors.sum", {n: total, causes: t("errors.causes", {n: shown.length})})}</p>
        ${choice({name: "flow", label: t("errors.flow"), value: params.flow || "", none: t("errors.any"), set: (value) =>
          act.set({flow: value || null}),
          choices: data.flows.map((name) => ({value: name}))})}
        ${choice({name: "sort", label: t("errors.sort"), value: params.sort || "most", set: (value) => act.set({sort: value}),
          choices: Object.keys(SORTS).map((name) => ({value: name, title: t("errors.sort_" + name)}))})}
        <a class="button quiet" href=${link("activity", {state: "parked", flow: params.flow})}>${t("errors.list")}</a>
      </div>
      ${batchSign(act, own)}
      ${chosen.length && state.can("operator") ? html`<div class="picked" role="group" aria-label=${t("errors.selection")}>
        <span>${t("errors.selected", {n: chosen.length})}</span>
        ${button({label: t("jobs.retry", {n: chosen.reduce((all, one) => all + size(one), 0)}), kind: "main", run: () => each(chosen, act,
          own)})}
      </div>` : nothing}
      ${shown.length ? html`<ul class="causes" aria-label=${t("errors.title")}>${repeat(shown.slice(0, own.most), (one) => one.cause,
        (one) => cause(one, state, act))}</ul>
        ${shown.length > own.most ? html`<p>${button({label: t("errors.more", {n: shown.length - own.most}), shape: "down",
          run: () => act.change(() => {
            own.most += STEP;
          })})}</p>` : nothing}`
        : empty({title: t("errors.none_here"), action: html`<a class="button" href="#/errors">${t("errors.all")}</a>`})}`;
  },
};

// One order after the other: a filter names one cause.
async function each(chosen, act, own) {
  await act.run(async () => {
    for (const one of chosen) await retry(act, own, {cause: one.cause});
    own.picked.clear();
  });
}
