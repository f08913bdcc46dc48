// SPDX-License-Identifier: MIT
// Exactly what came in and what was sent: newest first, found by words, page by page by key.
import {html, nothing, table, mark, link, empty, button, banner, words} from "../ui.js";
import {t, clock, when} from "../i18n.js";
import {get, busy} from "../api.js";
import {field, choice} from "../parts/form.js";
import {came, nameOf, amountOf, linkOf, reasonOf, isOpen, retryAsked, skipAsked, batchSign, cell} from "../parts/jobs.js";
import {download} from "../parts/download.js";

const SIZE = 50, CSV_ROWS = 100000;
const STATES = ["done", "skipped", "parked", "waiting", "new"];
const FILTERS = ["flow", "state", "reason", "cause", "since", "until"];

function filter(params) {
  const out = Object.fromEntries(FILTERS.map((name) => [name, params[name]]));
  return {...out, words: params.q ? [params.q] : []};
}

const isFiltered = (params) => !!params.q || FILTERS.some((name) => params[name]);

function outcome(job) {
  if (job.state === "done") {
    return html`${job.remote_id ? html`<span>${t("activity.as", {id: job.remote_id})}</span>` : nothing}
      ${job.reason ? html`<small class="muted">${reasonOf(job)}</small>` : nothing}`;
  }
  if (job.state === "waiting" && job.due) return html`${reasonOf(job)} <small class="muted">${t("activity.due",
    {at: clock(job.due)})}</small>`;
  return job.reason ? reasonOf(job) : nothing;
}

const columns = () => [
  {name: "at", title: t("activity.at"), kind: "tight", cell: (job) => html`<time datetime=${job.finished || job.at}
    title=${when(job.finished || job.at)}
    >${clock(job.finished || job.at)}</time>`},
  {name: "state", title: t("activity.state"), cell: (job) => mark(job.state)},
  {name: "record", title: t("activity.record"), kind: "main", cell: (job) => html`<span class="tight">${nameOf(job)}</span>`},
  {name: "title", title: t("activity.name"), cell: (job) => job.brief?.title || nothing},
  {name: "total", title: t("activity.amount"), kind: "num", cell: amountOf},
  {name: "flow", title: t("activity.flow"), kind: "tight", cell: (job) => job.flow},
  {name: "outcome", title: t("activity.outcome"), kind: "wide", cell: outcome},
  {name: "tries", title: t("activity.tries"), kind: "num", cell: (job) => (job.attempts > 1 ? job.attempts : nothing)},
];

function filters(state, act) {
  const {params, data} = state;
  const set = (name) => (value) => act.set({[name]: value || null, after: null});
  return html`<form role="search" class="filters" @submit=${(event) => {
    event.preventDefault();
    set("q")(new FormData(event.target).get("q").trim());
  }}>
    <div class="field search"><label for="q">${t("activity.search")}</label><input id="q" name="q" type="search" data-search
      autocomplete="off" spellcheck="false" .value=${params.q || ""} placeholder=${t("activity.search_hint")} @search=${(event) => {
        if (!event.target.value && params.q) set("q")("");
      }}></div>
    ${choice({name: "flow", label: t("activity.flow"), value: params.flow || "", none: t("activity.any"), set: set("flow"),
      choices: data.flows.map((name) => ({value: name}))})}
    ${choice({name: "state", label: t("activity.state"), value: params.state || "", none: t("activity.any"), set: set("state"),
      choices: STATES.map((name) => ({value: name, title: t("state." + name)}))})}
    ${field({name: "since", type: "date", label: t("activity.since"), value: params.since || "", set: set("since")})}
    ${field({name: "until", type: "date", label: t("activity.until"), value: params.until || "", set: set("until")})}
    ${button({label: t("activity.find"), type: "submit", shape: "search"})}
    ${isFiltered(params) ? html`<a class="button quiet" href="#/activity">${t("activity.all")}</a>` : nothing}
  </form>
  ${params.reason || params.cause ? html`<p class="chips"><span>${t("activity.only")} ${params.reason
    ? words("reason." + params.reason, {}, params.reason) : t("activity.cause", {cause: params.cause})}</span></p>` : nothing}`;
}

function nothingFound(params) {
  if (!isFiltered(params)) return empty({shape: "list", title: t("activity.none"), text: t("activity.none_text")});
  return empty({shape: "search", title: t("activity.not_found"), text: params.q ? t("activity.searched") : t("activity.not_found_text"),
    action: html`<a class="button" href="#/activity">${t("activity.all")}</a>`});
}

function pager(state, act) {
  const {next, looked_to: to, jobs} = state.data;
  const rare = next && jobs.length < SIZE;
  if (!next && !state.params.after) return nothing;
  return html`<nav class="pager" aria-label=${t("activity.pages")}>
    ${state.params.after ? html`<a class="button" href=${link("activity", {...state.params, after: null})}>${t("activity.newest")}</a>`
      : nothing}
    ${rare ? html`<span class="muted">${t("activity.looked", {at: when(to), n: jobs.length})}</span>` : nothing}
    ${next ? button({label: rare ? t("activity.go_on") : t("activity.older"), shape: "right", run: () => {
      act.go(link("activity", {...state.params, after: next}));
      window.scrollTo(0, 0);
    }}) : nothing}
  </nav>`;
}

function picked(state, act) {
  const {own, data} = state, open = data.jobs.filter((job) => own.picked.has(job.job) && isOpen(job)).map((job) => job.job);
  if (!own.picked.size || !state.can("operator")) return nothing;
  return html`<div class="picked" role="group" aria-label=${t("activity.selection")}><span>${t("activity.selected",
    {n: own.picked.size})}</span>
    ${button({label: t("jobs.retry", {n: open.length}), kind: "main", disabled: !open.length, run: () => retryAsked(act, own,
      {jobs: open})})}
    ${button({label: t("jobs.skip", {n: open.length}), disabled: !open.length, run: () => skipAsked(act, own, {jobs: open})})}
    ${button({label: t("activity.unselect"), kind: "quiet", run: () => act.change(() => own.picked.clear())})}</div>`;
}

// Page after page, so that no answer is large and the list may be as long as it is.
async function exportCsv(state, act) {
  const {own, params} = state, done = busy();
  const lines = [["time", "state", "flow", "number", "name", "amount", "currency", "reason", "text", "id", "tries",
    "record"].join(",") + "\r\n"];
  own.csv = {n: 0, stop: false};
  act.change();
  try {
    let after = null;
    do {
      const page = await get("/jobs", {...filter(params), limit: 200, after});
      for (const job of page.jobs) {
        lines.push([job.finished || job.at, job.state, job.flow, nameOf(job), job.brief?.title, job.brief?.total, job.brief?.currency,
          job.reason, job.detail, job.remote_id, job.attempts, job.job].map(cell).join(",") + "\r\n");
      }
      after = page.next;
      own.csv.n = lines.length - 1;
      act.change();
    } while (after && lines.length <= CSV_ROWS && !own.csv.stop);
    if (!own.csv.stop) download("activity.csv", lines.join(""));
    if (after && !own.csv.stop) act.say(t("activity.csv_cut", {n: lines.length - 1}));
  } finally {
    own.csv = null;
    done();
    act.change();
  }
}

// Rows that came since: told, never pushed in.
async function lookForNewer(state, act) {
  const {own, params, data} = state;
  if (own.looking || params.after || !data) return;
  own.looking = true;
  try {
    const page = await get("/jobs", {...filter(params), limit: SIZE});
    const first = data.jobs[0]?.job;
    const at = page.jobs.findIndex((job) => job.job === first);
    own.newer = at < 0 ? (first ? page.jobs.length : page.jobs.length) : at;
    act.change();
  } catch { /* the sign of the stream tells */ } finally {
    own.looking = false;
  }
}

export const page = {
  name: "activity",
  title: "activity.title",
  role: "viewer",
  own: () => ({picked: new Set(), newer: 0, csv: null, batch: null, looking: false, timer: 0}),
  keys: {
    r: {text: "activity.key_retry", run: (state, act) => {
      const at = document.activeElement?.closest?.("[data-row]")?.dataset.row;
      const jobs = state.own.picked.size ? [...state.own.picked] : at ? [at] : [];
      if (jobs.length && state.can("operator")) retryAsked(act, state.own, {jobs});
    }},
  },

  async load({params, own, signal}) {
    const [page, flows] = await Promise.all([
      get("/jobs", {...filter(params), limit: SIZE, after: params.after}, {signal}), get("/flows", {}, {signal})]);
    own.newer = 0;
    for (const job of [...own.picked]) {
      if (!page.jobs.some((one) => one.job === job)) own.picked.delete(job);
    }
    return {...page, flows: flows.flows.map((flow) => flow.flow).sort()};
  },

  event(name, body, state, act) {
    if (!["flow", "run.ended", "reset"].includes(name) || state.own.timer) return;
    const done = busy();
    state.own.timer = setTimeout(async () => {
      state.own.timer = 0;
      await lookForNewer(state, act);
      done();
    }, 500);
  },

  actions(state, act) {
    return state.data.jobs.length ? button({label: t("activity.csv"), run: () => exportCsv(state, act), disabled: !!state.own.csv})
      : nothing;
  },

  view(state, act) {
    const {own, data} = state;
    came.from = location.hash;
    return html`${filters(state, act)}
      ${batchSign(act, own)}
      ${own.csv ? banner({title: t("activity.csv_going", {n: own.csv.n}), action: button({label: t("ui.cancel"), run: () => {
        own.csv.stop = true;
      }})}) : nothing}
      ${own.newer ? html`<p class="newer" role="status">${button({label: t("activity.newer", {n: own.newer}), shape: "again",
        run: () => act.reload()})}</p>` : nothing}
      ${picked(state, act)}
      ${data.jobs.length ? table({name: "jobs", caption: t("activity.title"), columns: columns(), rows: data.jobs, key: (job) => job.job,
        href: (job) => linkOf(job.job), label: nameOf, select: state.can("operator") ? {has: (job) => own.picked.has(job), toggle: (job) =>
          act.change(() => (own.picked.has(job) ? own.picked.delete(job) : own.picked.add(job))), label: nameOf} : null})
        : data.next ? nothing : nothingFound(state.params)}
      ${pager(state, act)}`;
  },
};
