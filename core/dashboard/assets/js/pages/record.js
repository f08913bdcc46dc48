// SPDX-License-Identifier: MIT
// One record: why it stands as it does, what to do, and every value from the source to the destination.
import {html, nothing, mark, words, button, tabs, banner, pairs, empty, icon} from "../ui.js";
import {t, when, clock, money} from "../i18n.js";
import {get, send, path} from "../api.js";
import {came, openIn, nameOf, isOpen, reasonOf, retry, batchSign, skipAsked} from "../parts/jobs.js";
import {remedy} from "../parts/remedy.js";
import {fieldsTable, differences, plain} from "../parts/fields.js";
import {exchanges, laidOut} from "../parts/exchanges.js";
import {editRecord} from "../parts/edit.js";
import {settle} from "../parts/settle.js";

const TABS = ["fields", "requests", "attempts", "raw"];

const last = (job) => job.attempts[job.attempts.length - 1];
const tab = (state) => (TABS.includes(state.params.tab) ? state.params.tab : "fields");

async function maybe(promise) {
  try {
    return {value: await promise};
  } catch (error) {
    if (error.name === "AbortError" || error.status === 401) throw error;
    return {error};
  }
}

function dry(state, act) {
  return act.run(async () => {
    const out = await send("POST", path`/flows/${state.data.job.flow}/preview`, {job: state.data.job.job, check: true});
    act.change((own) => {
      own.dry = out.rows[0] || null;
    });
  }, {quiet: true});
}

// What today's configuration would make of it, against what was made last.
function dryResult(state, act) {
  const row = state.own.dry;
  if (!row) return nothing;
  const before = last(state.data.job)?.activity.document, changes = differences(before, row.destination);
  const good = row.outcome.startsWith("would"), tone = good ? "done" : row.outcome === "failed" ? "failing" : row.outcome;
  const said = row.check && (typeof row.check === "string" ? row.check : row.check.text || JSON.stringify(row.check));
  return html`<section class="dry"><div class="head"><h2>${t("record.dry_title")}</h2>${button({label: t("ui.close"), kind: "quiet",
      run: () => act.change((own) => {
        own.dry = null;
      })})}</div>
    <p>${mark(tone, words("record.dry_" + row.outcome.replaceAll(" ", "_"), {}, row.outcome))}
      ${good ? nothing : reasonOf(row)}</p>
    ${said === "it would be taken" ? html`<p>${t("record.check_taken")}</p>` : said ? html`<p lang="en">${said}</p>` : nothing}
    ${row.missing?.length ? html`<p class="alarm">${t("record.dry_missing",
      {names: row.missing.map((one) => one.path || one).join(", ")})}</p>` : nothing}
    ${changes.length ? html`<ul class="changes">${changes.slice(0, 60).map(([name, old, now]) => html`<li><strong>${plain(name,
      state.data.explained.value?.titles.destination)}</strong>
      ${before ? html`<del>${old || "–"}</del> ${icon("right")} ` : nothing}<ins>${now || "–"}</ins></li>`)}</ul>`
      : html`<p class="muted">${t("record.dry_same")}</p>`}</section>`;
}

function way(job) {
  const now = last(job), activity = now?.activity;
  const steps = [t("record.read", {flow: job.flow, at: when(job.at)})];
  if (activity?.run) steps.push(t("record.by_run", {run: String(activity.run), trigger: words("trigger." + activity.trigger, {}, null) === nothing
    ? activity.trigger : t("trigger." + activity.trigger)}));
  if (now?.revision) steps.push(t("record.by_revision", {revision: String(now.revision)}));
  steps.push(job.remote_id ? t("record.made", {id: job.remote_id}) : t("record.not_made"));
  return html`<p class="way muted">${steps.map((step, i) => html`${i ? html` ${icon("right")} ` : nothing}<span>${step}</span>`)}</p>`;
}

function summary(state, act) {
  const {job} = state.data, open = isOpen(job);
  const one = {cause: job.cause || job.job, flow: job.flow, job: job.job, reason: job.reason, facts: job.facts, remedy: job.do, parked: 1, waiting: 0};
  if (open && job.cause) {
    const cause = state.data.cause;
    if (cause) Object.assign(one, {parked: cause.parked, waiting: cause.waiting});
  }
  return html`<section class="summary">
    <p class="status">${mark(job.state)} <span class="muted">${t("record.tries", {n: job.attempts.length})}</span>
      ${job.edited ? html`<span class="tag">${icon("edit")} ${t("record.edited", {who: job.edited_by || "–"})}</span>` : nothing}</p>
    ${job.reason && job.state !== "done" ? html`<p class="why"><strong>${reasonOf(job)}</strong>${job.detail
      ? html` <span class="muted" lang="en">${job.detail}</span>` : nothing}</p>` : nothing}
    ${job.edited_why ? html`<p class="muted">${t("record.edited_why", {why: job.edited_why})}</p>` : nothing}
    ${open ? remedy(one, state, act, {alone: true}) : nothing}
    ${job.state === "waiting" && job.due ? html`<p>${t("record.due", {at: clock(job.due)})}</p>` : nothing}
    ${way(job)}
    ${openIn(job)}
  </section>`;
}

function fieldsPanel(state, act) {
  const {explained, job} = state.data;
  if (!explained.value) {
    return job.source === null ? empty({shape: "clock", title: t("record.erased"), text: t("record.erased_text")})
      : banner({tone: "warn", title: t("record.no_fields"), text: html`<span lang="en">${explained.error.text}</span>`});
  }
  const version = last(job)?.activity.config_version;
  return html`${version && version !== explained.value.version ? html`<p class="muted">${t("record.todays")}</p>` : nothing}
    ${fieldsTable(explained.value, state.own, (name, value) => act.change((own) => {
      own[name] = value;
    }))}`;
}

function attemptPanel(job) {
  return html`<ol class="attempts" reversed>${[...job.attempts].reverse().map((one, i, list) => {
    const now = one.activity, before = list[i + 1]?.activity;
    const changes = before ? differences({core: before.core, document: before.document}, {core: now.core, document: now.document}) : [];
    return html`<li><h2>${mark(now.state || "waiting")} <time datetime=${one.at}>${when(one.at)}</time></h2>
      ${now.reason ? html`<p>${words("reason." + now.reason, {}, now.detail || now.reason)}</p>` : nothing}
      ${pairs([[t("record.run"), now.run ? String(now.run) : ""], [t("record.revision"), one.revision ? String(one.revision) : ""],
        [t("record.by"), now.by || ""], [t("jobs.why"), now.why || ""], [t("record.id"), now.remote_id || ""],
        [t("record.requests"), now.exchanges?.length ? String(now.exchanges.length) : ""]])}
      ${changes.length ? html`<ul class="changes">${changes.slice(0, 40).map(([name, old, next]) => html`<li><strong>${plain(name)}</strong>
        <del>${old || "–"}</del> ${icon("right")} <ins>${next || "–"}</ins></li>`)}</ul>` : nothing}</li>`;
  })}</ol>`;
}

function raw(title, value) {
  if (value === null || value === undefined) return nothing;
  return html`<section><h2>${title}</h2>
    <pre tabindex="0" role="group" aria-label=${title}>${laidOut(JSON.stringify(value))}</pre></section>`;
}

function panel(state, act) {
  const {job} = state.data, activity = last(job)?.activity || {};
  switch (tab(state)) {
  case "requests":
    return html`${job.attempts.length ? [...job.attempts].reverse().map((one) => html`<h2>${t("record.attempt", {at: when(one.at)})}</h2>
      ${exchanges(one.activity.exchanges)}`) : exchanges(null)}`;
  case "attempts":
    return job.attempts.length ? attemptPanel(job) : html`<p class="muted">${t("record.no_attempt")}</p>`;
  case "raw":
    return job.source === null && !activity.core ? empty({shape: "clock", title: t("record.erased"), text: t("record.erased_text")})
      : html`${raw(t("record.raw_source"), job.source)}${raw(t("record.raw_edited"), job.record)}${raw(t("record.raw_core"), activity.core)}
        ${raw(t("record.raw_document"), activity.document)}`;
  default:
    return fieldsPanel(state, act);
  }
}

const choose = (act, name) => act.set({tab: name === "fields" ? null : name});

export const page = {
  name: "record",
  title: "record.title",
  role: "viewer",
  events: ["flow", "run", "config"],
  flow: (state) => state.data?.job.flow,
  own: () => ({chosen: new Map(), missing: null, batch: null, dry: null, technical: false, differences: false, empty: false}),
  keys: {
    1: {text: "record.key_1", run: (state, act) => choose(act, "fields")},
    2: {text: "record.key_2", run: (state, act) => choose(act, "requests")},
    3: {text: "record.key_3", run: (state, act) => choose(act, "attempts")},
    4: {text: "record.key_4", run: (state, act) => choose(act, "raw")},
    r: {text: "record.key_retry", run: (state, act) => may(state) && again(state, act)},
    s: {text: "record.key_skip", run: (state, act) => may(state) && skipAsked(act, state.own, {jobs: [state.data.job.job]})},
    e: {text: "record.key_edit", run: (state, act) => may(state) && state.data.job.source && editRecord(act, state.data.job)},
  },

  async load({rest, signal, own}) {
    const [job, explained] = await Promise.all([get(path`/jobs/${rest}`, {}, {signal}),
      maybe(get(path`/jobs/${rest}/explain`, {}, {signal}))]);
    const cause = job.cause ? (await get("/causes", {flow: job.flow}, {signal})).causes.find((one) => one.cause === job.cause) : null;
    if (own.dry && own.dryOf !== job.attempts.length) own.dry = null;
    own.dryOf = job.attempts.length;
    return {job, explained, cause};
  },

  heading({data}) {
    if (!data) return null;
    const {brief} = data.job;
    return [nameOf(data.job), brief?.title, brief?.total && money(brief.total, brief.currency)].filter(Boolean).join(" · ");
  },

  actions(state, act) {
    const {job} = state.data;
    if (!state.can("operator") || !(isOpen(job) || job.state === "skipped")) return nothing;
    return html`${button({label: t("record.retry"), kind: "main", shape: "again", run: () => again(state, act)})}
      ${job.source ? button({label: t("record.edit"), shape: "edit", run: () => editRecord(act, job)}) : nothing}
      ${job.source ? button({label: t("record.dry"), run: () => dry(state, act)}) : nothing}
      ${isOpen(job) ? button({label: t("settle.button"), kind: "quiet", run: () => settle(act, job)}) : nothing}
      ${isOpen(job) ? button({label: t("record.skip"), kind: "quiet", run: () => skipAsked(act, state.own, {jobs: [job.job]})}) : nothing}`;
  },

  view(state, act) {
    const {job} = state.data, now = tab(state);
    const back = came.from.startsWith("#/errors") ? t("nav.errors") : t("nav.activity");
    return html`<p class="crumbs"><a href=${came.from} data-back>${icon("left")} ${back}</a></p>
      ${batchSign(act, state.own)}
      ${summary(state, act)}
      ${dryResult(state, act)}
      ${tabs({label: t("record.title"), now, choose: (name) => choose(act, name), list: [
        {name: "fields", label: t("record.fields")},
        {name: "requests", label: t("record.requests"), n: job.attempts.reduce((all, one) => all + (one.activity.exchanges?.length || 0), 0)},
        {name: "attempts", label: t("record.attempts"), n: job.attempts.length},
        {name: "raw", label: t("record.raw")}]})}
      <div role="tabpanel" id="panel-${now}" aria-labelledby="tab-${now}" class="panel">${panel(state, act)}</div>`;
  },
};

const may = (state) => state.can("operator") && isOpen(state.data.job);

function again(state, act) {
  const {job} = state.data;
  return act.run(() => retry(act, state.own, {jobs: [job.job]}));
}
