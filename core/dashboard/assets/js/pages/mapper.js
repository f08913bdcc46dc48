// SPDX-License-Identifier: MIT
// Which field becomes which: choose a field of the destination, then what it comes from. Every row shows the value of a
// real record, every rule is a sentence, and nothing is in effect until it is saved as a version.
import {html, nothing, button, link, table} from "../ui.js";
import {t, money} from "../i18n.js";
import {busy, get, path, send} from "../api.js";
import {choice, check, radios} from "../parts/form.js";
import {allDiffs, conflict, locked, planSoon, save, saveBar} from "../parts/saving.js";
import {LIST, backToDefault, edits, effective, fresh, isOwn, plain, rebase, revive, rulesFor, sentence, todo,
  withRules} from "../parts/rules.js";
import {how, sourcesList, targetsList} from "../parts/mapper_columns.js";
import {casesBar, showCases} from "../parts/mapper_cases.js";
import {named} from "../parts/setting_field.js";
import {endColumns, namedEnds, noFlows, way} from "../parts/flow_ends.js";

const PAST = 40; // steps that can be undone
const KEEP_MS = 600;

// ---- records to look at ----

async function recordList(flow, how_) {
  const [parked, newest] = await Promise.all([get("/jobs", {flow, state: "parked", limit: 5}, how_), get("/jobs", {flow, limit: 20},
    how_)]);
  const seen = new Set();
  return [...parked.jobs, ...newest.jobs].filter((job) => !seen.has(job.key) && seen.add(job.key)).map((job) => ({job: job.job,
    key: job.key,
    title: [job.brief?.number || job.key, job.brief?.title, job.brief?.total && money(job.brief.total,
      job.brief.currency)].filter(Boolean).join(" · ")
      + (job.state === "parked" ? ` (${t("state.parked")})` : "")}));
}

// The record as it was read, and what is made of it now; first of what was read, else of the source.
async function fetchRecord(flow, job) {
  const out = await send("POST", path`/flows/${flow}/preview`, job ? {job, alone: true} : {limit: 1, alone: true});
  const row = out.rows[0];
  return row ? {key: String(row.key), record: row.source} : null;
}

// ---- the draft ----

const listNow = (state) => LIST[state.own.side];
const written = (state) => state.data.mapping[state.own.side].written;
const baseOf = (state) => state.own.form || state.data.form;
const count = (state) => edits(baseOf(state), state.own.draft).length;

let trying = 0, keeping = null;

async function tryNow(state, act) {
  const {own} = state, turn = ++trying;
  if (!own.record || !state.can("operator")) return;
  const done = busy();
  try {
    const ask = (list, cases) => send("POST", path`/flows/${state.rest}/mapping/try`, {edits: list, records: [own.record], cases});
    if (!own.was) own.was = (await ask([], false)).rows[0] || null;
    const out = await ask(edits(baseOf(state), own.draft), true);
    if (turn === trying) act.change(() => {
      own.row = out.rows[0] || own.row; // with a mistake the last one stays
      own.cases = out.cases?.cases || own.cases;
      own.failed = out.mistakes.length > 0;
    });
  } catch {
    if (turn === trying) act.change(() => {
      own.failed = true;
    });
  } finally {
    done();
  }
}

function keepSoon(state) {
  const {own} = state;
  if (keeping) {
    clearTimeout(keeping.timer);
    keeping.done();
  }
  const done = busy();
  const now = count(state) ? {draft: {...plain(own.draft), past: own.past.slice(-PAST), match: own.match}} : {};
  keeping = {done, timer: setTimeout(async () => {
    keeping = null;
    await send("PUT", path`/flows/${state.rest}/draft`, now).catch(() => {});
    done();
  }, KEEP_MS)};
}

function moved(state, act) {
  planSoon(state.rest, edits(baseOf(state), state.own.draft), state.own, act, [...state.own.accept]);
  keepSoon(state);
  tryNow(state, act);
}

function change(state, act, items) {
  act.change((own) => {
    if (!own.form) {
      own.form = state.data.form;
      own.match = state.data.form.digest;
    }
    own.past = [...own.past.slice(-PAST), plain(own.draft)];
    own.draft = {...own.draft, [listNow(state)]: items};
    own.plan = null;
  });
  moved(state, act);
}

function undo(state, act) {
  const {own} = state;
  if (!own.past.length) return;
  act.change(() => {
    own.draft = revive(own.past[own.past.length - 1]);
    own.past = own.past.slice(0, -1);
    own.plan = null;
  });
  moved(state, act);
}

async function forget(state, act) {
  const {own} = state;
  own.draft = fresh(baseOf(state)); // until the file is read anew
  own.form = own.plan = own.conflict = null;
  own.past = [];
  own.accept = new Set();
  own.was = null;
  if (keeping) {
    clearTimeout(keeping.timer);
    keeping.done();
    keeping = null;
  }
  await send("PUT", path`/flows/${state.rest}/draft`, {}).catch(() => {});
  own.renew = true;
  await act.reload();
  tryNow(state, act);
}

async function saveNow(state, act) {
  const {own} = state;
  const saved = await save({flow: state.rest, edits: edits(baseOf(state), own.draft), own, act, revision: state.data.form.revision,
    accept: [...own.accept]});
  if (saved) await forget(state, act);
}

async function keepMine(state, act) {
  const {own} = state;
  await act.reload();
  act.change(() => {
    own.draft = rebase(own.draft, state.data.form);
    own.form = state.data.form;
    own.match = own.form.digest;
    own.conflict = own.plan = null;
  });
  moved(state, act);
}

async function turnRecord(state, act, job) {
  const {own} = state;
  await act.run(async () => {
    own.record = await fetchRecord(state.rest, job);
    own.job = job;
    own.was = own.row = null;
  }, {quiet: true});
  await tryNow(state, act);
}

function step(state, act, by) {
  const list = state.data.records, at = list.findIndex((one) => one.job === state.own.job);
  const next = list[(at + by + list.length) % list.length];
  if (next && state.can("operator")) turnRecord(state, act, next.job);
}

// ---- the page ----

function choose(state) {
  return html`<p class="lead">${t("mapper.choose")}</p>${table({name: "mappings", caption: t("nav.flows"), rows: state.data.flows,
    key: (flow) => flow.flow,
    href: (flow) => link("mapper/" + flow.flow), tone: (flow) => (flow.enabled ? "" : "faint"), columns: [
      {name: "flow", title: t("flow.title"), kind: "main", cell: (flow) => flow.flow},
      ...endColumns(),
    ]})}`;
}

function bar(state, act) {
  const {own, data} = state;
  return html`<div class="filters mapper-bar">
    ${data.records.length ? html`${choice({name: "record", label: t("mapper.record"), value: own.job || "",
      disabled: !state.can("operator"), none: own.job ? undefined : t("mapper.record_none"),
      choices: data.records.map((one) => ({value: one.job, title: one.title})), set: (job) => turnRecord(state, act, job)})}
      <span class="pair">${button({label: html`<span class="hidden">${t("mapper.record_before")}</span>`, shape: "left",
        hint: t("mapper.record_before"), key: "Alt+ArrowUp", run: () => step(state, act, -1)})}
      ${button({label: html`<span class="hidden">${t("mapper.record_next")}</span>`, shape: "right", hint: t("mapper.record_next"),
        key: "Alt+ArrowDown", run: () => step(state, act, 1)})}</span>` : nothing}
    ${radios({name: "side", label: t("mapper.side"), value: own.side, choices: ["send", "get"].map((value) => ({value,
      title: t("mapper.side_" + value, {from: data.form.from.connection, to: data.form.to.connection})})), set: (side) => act.change(() => {
        own.side = side;
        own.target = "";
      })})}
    ${choice({name: "show", label: t("mapper.show"), value: own.show, choices: ["all", "mine", "todo"].map((value) => ({value,
      title: t("mapper.show_" + value)})),
      set: (show) => act.change(() => {
        own.show = show;
      })})}
    ${check({name: "technical", label: t("mapper.technical"), value: own.technical, set: (on) => act.change(() => {
      own.technical = on;
    })})}</div>`;
}

function onKey(event, state, act) {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    undo(state, act);
  } else if ((event.ctrlKey || event.metaKey) && event.key === "s" && count(state) && !baseOf(state).refused) {
    event.preventDefault();
    saveNow(state, act);
  } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    step(state, act, event.key === "ArrowDown" ? 1 : -1);
  }
}

export const page = {
  name: "mapper",
  title: "nav.mapper",
  role: "viewer",
  events: ["config"],
  own: () => ({draft: null, past: [], match: "", form: null, plan: null, conflict: null, accept: new Set(), side: "send", target: "",
    show: "all", technical: false,
    all: false, record: null, job: "", row: null, was: null, cases: null, failed: false}),

  async load({rest, params, signal, own, session}) {
    const how_ = {signal};
    if (!rest) return get("/flows", {}, how_);
    const [form, mapping, fields, kept, records] = await Promise.all([get(path`/flows/${rest}/form`, {}, how_),
      get(path`/flows/${rest}/mapping`, {}, how_),
      get(path`/flows/${rest}/fields`, {}, how_), get(path`/flows/${rest}/draft`, {}, how_), recordList(rest, how_)]);
    if (!own.draft || own.renew) {
      own.renew = false;
      own.draft = kept.draft ? revive(kept.draft) : fresh(form);
      own.past = kept.draft?.past || [];
      own.match = kept.draft?.match || form.digest;
      own.form = null;
      if (kept.draft) own.form = own.match === form.digest ? form : null;
      if (kept.draft && own.match !== form.digest) {
        own.draft = rebase(own.draft, form);
        own.match = form.digest;
        own.form = form;
      }
      own.resumed = !!kept.draft;
    }
    if (!own.record && session.user.role !== "viewer") {
      own.job = records.find((one) => one.job === params.job)?.job || records[0]?.job || "";
      own.record = await fetchRecord(rest, own.job).catch(() => null);
    }
    return {form: namedEnds(form), mapping, fields: named(fields), records};
  },

  heading: (state) => (state.rest ? t("mapper.heading", {flow: state.rest}) : t("nav.mapper")),
  leave: () => "", // a draft is kept
  actions: (state) => (state.rest ? html`<a class="button" href=${link("flow/" + state.rest)}>${t("mapper.to_flow")}</a>` : nothing),

  view(state, act) {
    const {own, data} = state;
    if (!state.rest) return data.flows.length ? choose(state) : noFlows(state);
    if (own.record && !own.row && !own.began) {
      own.began = true;
      queueMicrotask(() => {
        tryNow(state, act);
        if (count(state)) planSoon(state.rest, edits(baseOf(state), own.draft), own, act, [...own.accept]);
      });
    }
    const items = own.draft[listNow(state)], shipped = written(state), rules = effective(shipped, items), send_ = own.side === "send";
    const read = send_ ? data.fields.core : data.fields.source, filled = send_ ? data.fields.destination : data.fields.core;
    const title = (where) => (own.technical ? where : titleIn(read, where));
    const tools = {rules, items, read, filled, title, names: {title, functions: data.fields.functions}, disabled: !state.can("admin"),
      isOwn: (where) => isOwn(shipped, items, where), rulesFor: (where) => rulesFor(rules, where), todo: (f) => todo(f, own.row, own.side),
      put: (where, list) => change(state, act, withRules(shipped, items, where, list)),
      back: (where) => change(state, act, backToDefault(shipped, items, where)),
      sentence: (rule, inside) => sentence(rule, {title: (where) => (read.some((f) => f.path === inside + where) ? title(inside + where)
        : title(where)),
        functions: data.fields.functions})};
    const n = count(state);
    return html`<div class="mapper" @keydown=${(event) => onKey(event, state, act)}>
      <p class="lead">${way(data.form)}
        ${data.form.revision ? html` · ${t("flow.version", {n: data.form.revision})}` : nothing}${n
          ? html` · ${t("mapper.draft", {n, name: state.session.user.name})}` : nothing}</p>
      ${locked(data.form)}
      ${own.conflict ? conflict({own, mine: allDiffs(own.plan), theirs: own.conflict.theirs, keep: () => keepMine(state, act),
        discard: () => forget(state, act)}) : nothing}
      ${bar(state, act)}
      ${!own.record ? html`<p class="muted">${state.can("operator") ? t("mapper.no_record") : t("mapper.no_values")}</p>` : nothing}
      ${casesBar(state, act, () => showCases(state, act, () => moved(state, act)))}
      ${saveBar({n, own, refused: data.form.refused, revision: data.form.revision, act, discard: () => forget(state, act),
        run: () => saveNow(state, act),
        undo: own.past.length ? () => undo(state, act) : null})}
      <div class="columns">${targetsList(state, act, tools)}${how(state, act, tools)}${sourcesList(state, act, tools)}</div></div>`;
  },
};

function titleIn(fields, where) {
  const found = fields.find((f) => f.path === where) || fields.find((f) => f.path.endsWith("[]." + where)
    || f.path === where.replace(/\[\d+\]/g, "[]"));
  return found ? found.title : where.replace(/^settings\./, "");
}
