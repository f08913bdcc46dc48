// SPDX-License-Identifier: MIT
// One flow, set without a text editor: every setting, filter, reference and table of it, its runs and its versions.
import {html, nothing, tabs, button, banner, mark, link} from "../ui.js";
import {t} from "../i18n.js";
import {get, path, send} from "../api.js";
import {editsOf, itemsOf} from "../parts/conditions.js";
import {find, named} from "../parts/setting_field.js";
import {namedEnds, way} from "../parts/flow_ends.js";
import {allDiffs, conflict, locked, mistakes, planSoon, save, saveBar} from "../parts/saving.js";
import {filters, overview, references, schedule, settings, stateOf} from "../parts/flow_tabs.js";
import {loadTables, tables} from "../parts/flow_tables.js";
import {dryRun, loadVersions, versions} from "../parts/flow_history.js";
import {again} from "../parts/flow_again.js";

const TABS = ["overview", "settings", "filters", "references", "tables", "schedule", "dry", "again", "versions"];
const FILTER = "filter"; // the key of own.changes whose value is a list of items

const tabOf = (params) => (TABS.includes(params.tab) ? params.tab : "overview");

// ---- what was changed and not saved ----

export function editsNow(form, changes) {
  const edits = [];
  for (const [where, value] of changes) {
    if (where === FILTER) edits.push(...editsOf(FILTER, form.data.filter || [], value));
    else if (value === null) edits.push({do: "unset", path: where});
    else edits.push({path: where, data: value});
  }
  return edits;
}

function same(form, where, value) {
  const before = find(form.data, where);
  return value === null ? before === undefined : JSON.stringify(before) === JSON.stringify(value);
}

function changer(state, act) {
  const {form} = state.data, {own} = state;
  return (where, value) => act.change(() => {
    if (!own.changes.size) {
      own.match = form.digest;
      own.form = form;
    }
    if (where !== FILTER && same(own.form, where, value)) own.changes.delete(where);
    else own.changes.set(where, value);
    if (where === FILTER && !editsOf(FILTER, own.form.data.filter || [], value).length) own.changes.delete(where);
    own.plan = null;
    planSoon(state.rest, editsNow(own.form, own.changes), own, act);
    if (where === FILTER) passSoon(state, act);
  });
}

async function discard(state, act) {
  act.change((own) => {
    own.changes = new Map();
    own.plan = own.conflict = own.form = own.pass = null;
  });
  await act.reload();
}

async function keepMine(state, act) {
  const {own} = state;
  own.match = own.conflict.digest;
  await act.reload();
  act.change(() => {
    own.conflict = null;
    own.form = state.data.form;
    own.plan = null;
    planSoon(state.rest, editsNow(own.form, own.changes), own, act);
  });
}

async function saveNow(state, act) {
  const {own} = state;
  const saved = await save({flow: state.rest, edits: editsNow(own.form, own.changes), own, act, revision: state.data.form.revision});
  if (saved) await discard(state, act);
}

// ---- how many of the newest records pass the filter as it is on the screen ----

let passing = 0;
async function passSoon(state, act) {
  const turn = ++passing;
  const {own} = state;
  own.pass = null;
  const edits = own.changes.has(FILTER) ? editsOf(FILTER, own.form.data.filter || [], own.changes.get(FILTER)) : [];
  let pass;
  try {
    pass = await send("POST", path`/flows/${state.rest}/recent`, {edits, limit: 1000});
  } catch (error) {
    pass = {error};
  }
  if (turn === passing) act.change(() => {
    own.pass = pass;
  });
}

// ---- orders ----

async function pause(state, act) {
  const {field} = await import("../parts/form.js");
  const flow = state.rest;
  await act.ask({title: t("flow.pause_title", {flow}), text: t("flow.pause_text"), confirm: t("flow.pause"), own: {why: ""},
    body: (own) => field({name: "why", label: t("flow.why"), value: own.why, set: (text) => {
      own.why = text;
    }}),
    run: async (own) => {
      await send("POST", path`/flows/${flow}/pause`, own.why ? {why: own.why} : {});
      act.say(t("flow.was_paused", {flow}));
      await act.reload();
    }});
}

const resume = (state, act) => act.run(() => send("POST", path`/flows/${state.rest}/resume`), {said: t("flow.resumed",
  {flow: state.rest})});
const runNow = (state, act) => act.run(() => send("POST", "/flows/run", {flows: [state.rest]}), {said: t("flow.ran", {flow: state.rest})});

// ---- the page ----

const DRAW = {overview, settings, filters, references, tables, schedule, dry: dryRun, again, versions};

export const page = {
  name: "flow",
  title: "flow.title",
  role: "viewer",
  events: ["flow", "run", "config"],
  flow: (state) => state.rest,
  keys: {
    p: {text: "flow.key_pause", run: (state, act) => state.can("operator") && (state.data.status.paused ? resume : pause)(state, act)},
    n: {text: "flow.key_run", run: (state, act) => state.can("operator") && runNow(state, act)},
  },
  own: () => ({changes: new Map(), plan: null, conflict: null, form: null, match: "", pass: null, dry: {how: "newest", n: "5", key: "",
    check: false}, again: {since: "", how: "since", day: "", keys: "", wrong: "", plan: null, came: null, running: null}}),

  async load({params, rest, signal, own}) {
    const tab = tabOf(params), how = {signal};
    const [form, list, fields, extra] = await Promise.all([
      get(path`/flows/${rest}/form`, {}, how), get("/flows", {flows: [rest]}, how),
      ["filters", "tables", "references"].includes(tab) ? get(path`/flows/${rest}/fields`, {}, how) : null,
      tab === "overview" ? get("/runs", {flow: rest, limit: 10}, how) : tab === "versions" ? loadVersions(how) : null,
    ]);
    const sheets = tab === "tables" ? await loadTables(rest, form, fields, how) : null;
    if (tab === "filters" && !own.pass) own.pass = await send("POST", path`/flows/${rest}/recent`, {limit: 1000}, how);
    return {tab, form: namedEnds(form), status: list.flows[0], fields: fields && named(fields), extra, sheets};
  },

  heading: (state) => state.rest,
  leave: (state) => (state.own.changes.size ? t("save.unsaved", {n: state.own.changes.size}) : ""),

  actions(state, act) {
    const {status} = state.data;
    return html`${state.can("operator") ? html`${button({label: t("flow.run"), shape: "play", key: "n", run: () => runNow(state, act)})}
      ${status.paused ? button({label: t("flow.resume"), kind: "main", shape: "play", key: "p", run: () => resume(state, act)})
        : button({label: t("flow.pause_more"), shape: "pause", key: "p", run: () => pause(state, act)})}` : nothing}
      <a class="button" href=${link("mapper/" + state.rest)}>${t("nav.mapper")}</a>`;
  },

  view(state, act) {
    const {own, data} = state, {form, tab} = data, base = own.form || form;
    const tools = {set: changer(state, act), value: (where) => (own.changes.has(where) ? own.changes.get(where) ?? undefined
      : find(base.data, where)),
      changed: (where) => own.changes.has(where), disabled: !state.can("admin"),
      error: (where) => own.plan?.mistakes?.find((one) => !one.warning && one.path === `flows/${state.rest}/${where}`)?.text,
      line: (where) => (base.lines[where] ? `${base.file}:${base.lines[where]}` : ""),
      items: () => own.changes.get(FILTER) || (own.items?.of === base ? own.items.list : (own.items = {of: base,
        list: itemsOf(base.data.filter)}).list)};
    return html`
      <p class="lead">${way(form)} · ${stateOf(data.status)} · <code>${form.file}</code> ${form.refused ? mark("off", t("flow.read_only")) : nothing}
        ${form.revision ? t("flow.version", {n: form.revision}) : nothing}</p>
      ${locked(form)}
      ${form.mistakes.filter((one) => !one.warning).length ? banner({tone: "warn", title: t("flow.mistakes"),
        text: mistakes(form.mistakes.filter((one) => !one.warning))}) : nothing}
      ${form.closed.length ? banner({tone: "info", title: t("flow.closed"), text: html`<span lang="en">${form.closed[0].text}</span>`})
        : nothing}
      ${own.conflict ? conflict({own, mine: allDiffs(own.plan), theirs: own.conflict.theirs, keep: () => keepMine(state, act),
        discard: () => discard(state, act)}) : nothing}
      ${own.changes.size && !own.conflict && form.digest !== own.match ? banner({tone: "warn", title: t("save.moved"),
        text: t("save.moved_soon"),
        action: button({label: t("save.see_both"), run: () => planSoon(state.rest, editsNow(own.form, own.changes), own, act)})}) : nothing}
      ${tabs({label: t("flow.tabs"), now: tab, choose: (name) => act.set({tab: name === "overview" ? null : name}),
        list: TABS.map((name) => ({name, label: t("flow.tab_" + name)}))})}
      <div role="tabpanel" id="panel-${tab}" aria-labelledby="tab-${tab}" class="panel" @keydown=${(event) => {
        if (event.key === "s" && (event.ctrlKey || event.metaKey) && own.changes.size && !form.refused) {
          event.preventDefault();
          saveNow(state, act);
        }
      }}>${DRAW[tab](state, act, tools)}</div>
      ${saveBar({n: own.changes.size, own, refused: form.refused, revision: form.revision, act, discard: () => discard(state, act),
        run: () => saveNow(state, act)})}`;
  },
};
