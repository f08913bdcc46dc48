// SPDX-License-Identifier: MIT
// Is all well, and what needs me? The worst first.
import {html, nothing, table, mark, link, empty, words, banner, button} from "../ui.js";
import {t, ago, when, clock, number, date} from "../i18n.js";
import {get, send, path} from "../api.js";

// The name of a state as the server tells it -> that of its mark.
const STATE = {running: "running", waiting: "idle", "backing off": "resting", paused: "paused", off: "off", stopped: "stopped",
  "cases fail": "failing", "safe mode": "stopped"};

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
  const why = flow.paused || (flow.failing && flow.last_error?.text) || flow.cases_fail;
  return html`${mark(failing ? "failing" : STATE[flow.state] || "off")}
    ${flow.paused ? html`<small class="muted">${pausedWords(flow.paused)}</small>`
      : why ? html`<small class="muted" lang="en">${why}</small>` : nothing}`;
}

function pausedWords(text) {
  const found = /^by hand(?:: (.*))?$/s.exec(text);
  if (!found) return html`<span lang="en">${text}</span>`;
  return found[1] ? t("overview.paused_why", {why: found[1]}) : t("overview.paused");
}

const columns = () => [
  {name: "flow", title: t("overview.flow"), kind: "main", cell: (flow) => flow.flow},
  {name: "state", title: t("overview.state"), kind: "wide", cell: state},
  {name: "last", title: t("overview.last"), cell: (flow) => (flow.last_good
    ? html`<time datetime=${flow.last_good} title=${when(flow.last_good)}>${ago(flow.last_good)}</time>` : t("overview.never"))},
  {name: "read", title: t("overview.read"), kind: "num", cell: (flow) => number(flow.read)},
  {name: "done", title: t("overview.done"), kind: "num", cell: (flow) => number(flow.done)},
  {name: "skipped", title: t("overview.skipped"), kind: "num", cell: (flow) => number(flow.skipped)},
  {name: "waiting", title: t("overview.waiting"), kind: "num", cell: (flow) => number(flow.waiting + flow.pending)},
  {name: "parked", title: t("overview.parked"), kind: "num", cell: (flow) => (flow.parked
    ? html`<a class="alarm" href=${link("errors", {flow: flow.flow})}>${number(flow.parked)}</a>` : number(0))},
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

  async load({signal}) {
    const [status, links] = await Promise.all([get("/flows", {}, {signal}), maybe(get("/connections", {}, {signal}))]);
    return {...status, connections: links?.connections};
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
      ${safe ? banner({tone: "bad", title: t("overview.safe"), text: t("overview.safe_text", {n: mistakes.length})}) : nothing}
      <p class="lead">${t("overview.run", {n: well, of: number(on.length)})} · ${parked
        ? html`<a class="alarm" href="#/errors">${t("overview.wait", {n: parked})}</a>` : t("overview.nothing")}${last
        ? html` · ${t("overview.last_good", {ago: ago(last)})}` : nothing}</p>
      ${table({name: "flows", caption: t("overview.flows"), columns: columns(), rows: flows, key: (flow) => flow.flow,
        href: (flow) => link("flow/" + flow.flow), tone: (flow) => (flow.enabled ? "" : "faint")})}
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
