// SPDX-License-Identifier: MIT
// Is all well, and what needs me? The worst first.
import {html, nothing, table, mark, link, empty, banner, button, bars, errorBody} from "../ui.js";
import {t, ago, when, clock, number, date} from "../i18n.js";
import {get, send, path} from "../api.js";

// The name of a state as the server tells it -> that of its mark.
const STATE = {running: "running", waiting: "idle", "backing off": "resting", paused: "paused", off: "off", stopped: "stopped",
  "cases fail": "failing", "not here": "failing", "safe mode": "stopped"};

const sum = (flows, name) => flows.reduce((all, flow) => all + flow[name], 0);

async function maybe(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.name === "AbortError" || error.status === 401) throw error;
    return null;
  }
}

function state(flow) {
  const failing = flow.failing && flow.state !== "paused";
  const why = flow.paused || (flow.failing && flow.last_error?.text) || flow.cases_fail || flow.lacks;
  return html`${mark(failing ? "failing" : STATE[flow.state] || "off")}
    ${flow.paused ? html`<small class="muted">${pausedWords(flow.paused)}</small>`
      : why ? html`<small class="muted" lang="en">${why}</small>` : nothing}`;
}

function pausedWords(text) {
  const found = /^by hand(?:: (.*))?$/s.exec(text);
  if (!found) return html`<span lang="en">${text}</span>`;
  return found[1] ? t("overview.paused_why", {why: found[1]}) : t("overview.paused");
}

// The spans of a day, gathered to so few that they fit into a cell.
function gathered(list, to) {
  const size = Math.ceil(list.length / to), out = [];
  for (let i = 0; i < list.length; i += size) {
    out.push(list.slice(i, i + size).reduce((all, one) => ({done: all.done + one.done, parked: all.parked + one.parked}), {done: 0, parked: 0}));
  }
  return out;
}

function spark(flow, day) {
  const found = day?.flows.find((one) => one.flow === flow.flow);
  if (!found) return nothing;
  const spans = found.done.map((done, i) => ({done, parked: found.parked[i]}));
  const all = spans.reduce((n, one) => n + one.done + one.parked, 0);
  return bars(gathered(spans, 24), {small: true, label: t("overview.settled", {n: all})});
}

const RANGES = {day: 0, week: 7, quarter: 90};

function since(range) {
  if (!RANGES[range]) return null;
  return new Date(Date.now() - RANGES[range] * 86400000).toISOString();
}

function throughput(now, act) {
  const {figures} = now.data;
  if (!figures) return nothing;
  const range = now.params.range || "day", spans = figures.spans;
  const all = spans.reduce((n, one) => n + one.done, 0), parked = spans.reduce((n, one) => n + one.parked, 0);
  const at = (one) => (figures.step_ms < 86400000 ? clock(one.at).replace(/(:..):../, "$1") : date(one.at));
  return html`<section><div class="head"><h2>${t("overview.throughput")}</h2>
      <div class="ranges" role="group" aria-label=${t("overview.range")}>${Object.keys(RANGES).map((name) => html`<button type="button"
        class="button quiet small" aria-pressed=${name === range ? "true" : "false"}
        @click=${() => act.set({range: name === "day" ? null : name})}>${t("overview.range_" + name)}</button>`)}</div></div>
    ${bars(spans, {label: t("overview.bars", {n: all, parked, from: when(figures.from), to: when(figures.to)})})}
    <p class="legend muted"><span><i class="done"></i> ${t("overview.done_n", {n: all})}</span>
      <span><i class="parked"></i> ${t("overview.parked_n", {n: parked})}</span><span class="ends">${at(spans[0])} – ${at(spans[spans.length - 1])}</span></p>
    <details class="more"><summary>${t("overview.as_table")}</summary>${table({name: "spans", caption: t("overview.throughput"), key: (one) => one.at,
      rows: spans.filter((one) => one.read + one.done + one.skipped + one.parked).reverse(), columns: [
        {name: "at", title: t("overview.from"), kind: "main", cell: at}, ...["read", "done", "skipped", "parked"].map((name) =>
          ({name, title: t("overview." + name), kind: "num", cell: (one) => number(one[name])}))]})}</details></section>`;
}

// A flow that is off and has never read has no figures worth a look.
const idle = (flow) => !flow.enabled && !flow.read && !flow.parked;
const figure = (of) => (flow) => (idle(flow) ? nothing : number(of(flow)));

const columns = (day) => [
  {name: "flow", title: t("overview.flow"), kind: "main", cell: (flow) => html`<span class="tight">${flow.flow}</span>`},
  {name: "state", title: t("overview.state"), kind: "wide", cell: state},
  {name: "last", title: t("overview.last"), cell: (flow) => (flow.last_good
    ? html`<time datetime=${flow.last_good} title=${when(flow.last_good)}>${ago(flow.last_good)}</time>` : t("overview.never"))},
  {name: "read", title: t("overview.read"), kind: "num", cell: figure((flow) => flow.read)},
  {name: "done", title: t("overview.done"), kind: "num", cell: figure((flow) => flow.done)},
  {name: "skipped", title: t("overview.skipped"), kind: "num", cell: figure((flow) => flow.skipped)},
  {name: "waiting", title: t("overview.waiting"), kind: "num", cell: figure((flow) => flow.waiting + flow.pending)},
  {name: "parked", title: t("overview.parked"), kind: "num", cell: (flow) => (flow.parked
    ? html`<a class="alarm" href=${link("errors", {flow: flow.flow})}>${number(flow.parked)}</a>` : figure(() => 0)(flow))},
  {name: "day", title: t("overview.day"), cell: (flow) => spark(flow, day)},
];

function connections(list) {
  if (!list) return nothing;
  return html`<section><h2>${t("overview.connections")}</h2><ul class="chips">${list.map((one) => {
    const bad = one.blocked ? "blocked" : one.login === "out" || one.login === "ended" ? one.login : one.circuit;
    return html`<li><a href=${link("connections/" + one.connection)}>${one.connection}</a> ${mark(bad)}
      ${one.why ? html`<small lang="en">${one.why}</small>` : one.answered
        ? html`<small class="muted">${t("overview.answered", {at: clock(one.answered)})}</small>` : nothing}
      ${one.login_until ? html`<small class="muted">${t("overview.login_until", {at: date(one.login_until)})}</small>` : nothing}</li>`;
  })}</ul></section>`;
}

export const page = {
  name: "overview",
  title: "overview.title",
  role: "viewer",
  events: ["flow", "run", "connection", "config"],
  keys: {
    p: {text: "overview.key_pause", run: (now, act) => turn(now, act)},
    n: {text: "overview.key_run", run: (now, act) => runNow(now, act)},
  },

  async load({params, signal}) {
    const [status, links, day, figures, told] = await Promise.all([get("/flows", {}, {signal}),
      maybe(get("/connections", {}, {signal})), maybe(get("/history", {}, {signal})),
      RANGES[params.range] ? maybe(get("/history", {since: since(params.range)}, {signal})) : null, maybe(get("/alerts", {}, {signal}))]);
    return {...status, connections: links?.connections, day, figures: figures || day, channels: told?.channels};
  },

  view(now, act) {
    const {flows, mistakes, safe, connections: links} = now.data;
    if (!flows.length) {
      return empty({shape: "flow", title: t("overview.none"), text: t("overview.none_text"),
        action: now.can("admin") ? html`<a class="button main" href="#/setup">${t("overview.set_up")}</a>` : nothing});
    }
    const parked = sum(flows, "parked"), on = flows.filter((flow) => flow.enabled);
    const well = on.filter((flow) => !flow.failing && ["running", "waiting"].includes(flow.state)).length;
    const last = flows.map((flow) => flow.last_good).filter(Boolean).sort().pop();
    return html`
      ${safe ? banner({tone: "bad", title: t("overview.safe"), text: html`${t("overview.safe_text", {n: mistakes.length})}
        ${errorBody({mistakes, text: "", code: ""})}`}) : nothing}
      ${now.data.channels?.length === 0 && now.can("admin") ? banner({tone: "warn", title: t("overview.nobody"),
        action: html`<a class="button" href="#/alerts">${t("overview.tell")}</a>`}) : nothing}
      <p class="lead">${t("overview.run", {n: well, of: number(on.length)})} · ${parked
        ? html`<a class="alarm" href="#/errors">${t("overview.wait", {n: parked})}</a>` : t("overview.nothing")}${last
        ? html` · ${t("overview.last_good", {ago: ago(last)})}` : nothing}</p>
      ${table({name: "flows", caption: t("overview.flows"), columns: columns(now.data.day), rows: flows, key: (flow) => flow.flow,
        href: (flow) => link("flow/" + flow.flow), tone: (flow) => (flow.enabled ? "" : "faint")})}
      ${throughput(now, act)}
      ${connections(links)}`;
  },

  actions(now, act) {
    if (!now.can("operator") || !now.data.flows.some((flow) => flow.enabled)) return nothing;
    return button({label: t("overview.run_all"), shape: "play", run: () => runNow(now, act, true)});
  },
};

// The flow whose row has the focus.
function picked(now) {
  const name = document.activeElement?.closest?.("[data-row]")?.dataset.row;
  return now.data.flows.find((flow) => flow.flow === name);
}

async function turn(now, act) {
  const flow = picked(now);
  if (!flow || !now.can("operator")) return;
  if (flow.paused) {
    await act.run(() => send("POST", path`/flows/${flow.flow}/resume`), {said: t("overview.resumed", {flow: flow.flow})});
    return;
  }
  const {field} = await import("../parts/form.js");
  await act.ask({title: t("overview.pause_title", {flow: flow.flow}), text: t("overview.pause_text"), confirm: t("overview.pause"),
    own: {why: ""}, body: (own) => field({name: "why", label: t("overview.why"), value: own.why, set: (text) => {
      own.why = text;
    }}),
    run: async (own) => {
      await send("POST", path`/flows/${flow.flow}/pause`, own.why ? {why: own.why} : {});
      act.say(t("overview.was_paused", {flow: flow.flow}));
      await act.reload();
    }});
}

async function runNow(now, act, all = false) {
  const flow = picked(now);
  if (!now.can("operator") || (!flow && !all)) return;
  await act.run(() => send("POST", "/flows/run", all ? {all: true} : {flows: [flow.flow]}),
    {said: all ? t("overview.ran_all") : t("overview.ran", {flow: flow.flow})});
}
