// SPDX-License-Identifier: MIT
// Do both systems agree? A comparison that is made now, or one that is kept: #/reconcile/NUMBER.
import {html, nothing, table, tabs, button, empty, mark, link, words} from "../ui.js";
import {t, decimal, number, when, date, known} from "../i18n.js";
import {get, send, path} from "../api.js";
import {field, choice, check} from "../parts/form.js";
import {download} from "../parts/download.js";

const LISTS = ["missing", "double", "different", "outside", "unreadable", "under_way", "others"];
const FIGURES = [
  {name: "days", title: "reconcile.days", key: "day", values: ["incl", "excl"]},
  {name: "vat", title: "reconcile.vats", key: "code", values: ["excl", "vat"]},
  {name: "accounts", title: "reconcile.accounts", key: "code", values: ["amount"]},
  {name: "payments", title: "reconcile.payments", key: "code", values: ["incl"]},
];
const SHOWN = 50;

const day = (moment) => `${moment.getFullYear()}-${String(moment.getMonth() + 1).padStart(2, "0")}-${String(moment.getDate()).padStart(2,
  "0")}`;

function thisMonth() {
  const now = new Date();
  return [day(new Date(now.getFullYear(), now.getMonth(), 1)), day(now)];
}

// A day of the calendar, wherever the reader is.
const dayWords = (text) => (text ? date(text + "T12:00:00") : "");
const amount = (text) => (text === null || text === undefined
  ? html`<span class="muted">${t("reconcile.unknown")}</span>` : decimal(text));
const sideName = (side) => (known("reconcile.side." + side) ? t("reconcile.side." + side) : side);
const name = (row) => row.reference || row.key || row.id;

// ---- asking ----

async function compare(now, act) {
  const {own} = now, flow = own.flow || now.data.flow;
  if (own.running || !now.can("operator") || !flow) return;
  own.wrong = !own.from || !own.to ? t("reconcile.need_days") : own.from > own.to ? t("reconcile.turned") : "";
  if (own.wrong) {
    act.change();
    return;
  }
  own.running = "asking";
  own.progress = null;
  const made = await act.run(() => send("POST", "/reconcile", {flow, from: own.from, to: own.to}, {
    onTask: (task) => {
      own.task = task;
    },
    onProgress: (seen) => act.change((one) => {
      one.progress = seen;
    }),
  }), {quiet: true});
  act.change((one) => {
    one.running = "";
    one.task = null;
  });
  if (made?.number) act.go(link("reconcile/" + made.number));
  else if (made) {
    act.change((one) => {
      one.report = made;
    });
  }
}

async function queue(now, act) {
  const {own} = now, report = own.report || now.data.report;
  if (own.running || !report?.missing.length || !now.can("operator")) return;
  const keys = report.missing.map((row) => row.key).filter((key) => !own.picked.size || own.picked.has(key));
  act.change((one) => {
    one.running = "bringing";
  });
  await act.run(() => send("POST", "/reconcile/queue", {flow: report.flow, keys}), {said: t("reconcile.queued")});
  act.change((one) => {
    one.running = "";
    one.picked.clear();
  });
}

async function save(now, act) {
  const sheet = await act.run(() => get(path`/reconcile/${now.data.report.number}/csv`), {quiet: true});
  if (sheet) download(sheet.name, sheet.text);
}

function form(now, act) {
  const {own, data} = now;
  const put = (member) => (value) => act.change((one) => {
    one[member] = value;
    one.wrong = "";
  });
  return html`<form class="filters" @submit=${(event) => {
    event.preventDefault();
    compare(now, act);
  }}>
    ${choice({name: "flow", label: t("reconcile.flow"), value: own.flow || data.flow, choices: data.flows.map((one) => ({value: one})),
      set: (flow) => {
        put("flow")(flow);
        if (!now.rest) act.set({flow});
      }})}
    ${field({name: "from", label: t("reconcile.from"), type: "date", value: own.from, set: put("from"), error: own.wrong})}
    ${field({name: "to", label: t("reconcile.to"), type: "date", value: own.to, set: put("to")})}
    ${button({label: t("reconcile.compare"), kind: "main", type: "submit", shape: "scales", disabled: !!own.running, key: "c"})}
  </form>`;
}

function running({own}, act) {
  if (!own.running) return nothing;
  const {side, read} = own.progress || {};
  return html`<div class="banner info" role="status"><progress aria-label=${t("reconcile." + own.running)}></progress>
    <div><strong>${t("reconcile." + own.running)}</strong>${side ? html` <span>${t("reconcile.reading", {side: sideName(side),
      n: read})}</span>` : nothing}</div>
    ${own.task ? button({label: t("reconcile.cancel"), run: () => act.run(() => send("DELETE", path`/tasks/${own.task}`),
      {quiet: true})}) : nothing}</div>`;
}

// ---- the report ----

function side(report, which) {
  const one = report[which];
  return html`<section class="side-card"><h3>${one.connection} <small class="muted">${sideName(which)}</small></h3>
    <p class="figure">${amount(one.incl)}</p>
    <p class="muted">${t("reconcile.documents", {n: one.count})} · ${t("reconcile.excl")} ${amount(one.excl)}</p></section>`;
}

function verdict(report) {
  const {counts, differences} = report;
  return html`<section class="side-card"><h3>${differences ? mark("parked", t("reconcile.differences", {n: differences}))
    : mark("done", t("reconcile.equal"))}</h3>
    <ul class="plain">${[...LISTS, "left_out", "cancelled"].filter((list) => counts[list])
      .map((list) => html`<li class=${LISTS.includes(list) ? "" : "muted"}>${t("reconcile." + list)}: ${number(counts[list])}</li>`)}
    </ul></section>`;
}

function figures(report, own, act) {
  const there = FIGURES.filter((one) => report[one.name]?.length);
  const one = there.find((each) => each.name === own.figures) || there[0];
  if (!one) return nothing;
  const rows = report[one.name].filter((row) => !own.only || !row.same);
  const columns = [{name: "name", title: t("reconcile." + one.key), kind: "main", cell: (row) => (one.key === "day" ? dayWords(row.day)
    : row.code)}];
  for (const which of ["source", "destination"]) {
    const called = report[which].connection;
    columns.push({name: which, title: t("reconcile.count_at", {side: called}), kind: "num", cell: (row) => number(row[which].count)});
    for (const value of one.values) {
      columns.push({name: which + value, title: t("reconcile.value_at", {side: called, what: t("reconcile." + value)}), kind: "num",
        cell: (row) => amount(row[which][value])});
    }
  }
  columns.push({name: "same", title: t("reconcile.same"), cell: (row) => (row.same ? mark("done", t("reconcile.agrees")) : mark("parked",
    t("reconcile.differs")))});
  return html`<section><div class="head"><h2>${t("reconcile.figures")}</h2>
    ${check({name: "only", label: t("reconcile.only"), value: own.only, set: (on) => act.change((all) => {
      all.only = on;
    })})}</div>
    ${tabs({label: t("reconcile.figures"), now: one.name, list: there.map((each) => ({name: each.name, label: t(each.title)})),
      choose: (chosen) => act.change((all) => {
        all.figures = chosen;
      })})}
    <div role="tabpanel" id="panel-${one.name}" aria-labelledby="tab-${one.name}" tabindex="0">
    ${rows.length ? table({name: "figures", caption: t(one.title), columns, rows: rows.slice(0, own.figuresShown),
      key: (row) => row[one.key]})
      : html`<p>${mark("done", t("reconcile.equal"))}</p>`}
    ${rows.length > own.figuresShown ? button({label: t("reconcile.show_more"), run: () => act.change((all) => {
      all.figuresShown += SHOWN;
    })}) : nothing}</div></section>`;
}

// What is known of a document, by the list in which it stands.
function known_of(row, list, report) {
  const ids = row.ids?.length ? html`<small class="muted">${t("reconcile.as", {ids: row.ids.join(", ")})}</small>` : nothing;
  if (list === "missing" || list === "under_way") {
    if (!row.job) return html`${row.why ? html`<span lang="en">${row.why}</span>` : t("reconcile.no_job")}`;
    return html`${mark(row.state)} ${row.reason ? html`<small>${words("reason." + row.reason, {}, row.reason)}</small>` : nothing}
      <a href=${link("record/" + row.job)}>${t("reconcile.open")}</a>`;
  }
  if (list === "different") {
    return html`<ul class="plain">${row.fields.map((one) => html`<li>${t("reconcile.change", {field: one.field,
      source: one.source ?? t("reconcile.nothing"), destination: one.destination ?? t("reconcile.nothing")})}</li>`)}</ul>${ids}`;
  }
  if (list === "outside") {
    return html`${t("reconcile.dated", {source: dayWords(row.source_day) || t("reconcile.nothing"),
      destination: dayWords(row.destination_day) || t("reconcile.nothing")})}${ids}`;
  }
  if (list === "unreadable") return html`${row.side ? sideName(row.side) + ": " : ""}<span lang="en">${row.text}</span>`;
  if (list === "others") return report.destination.connection + " " + row.id;
  return html`${row.shared ? t("reconcile.shared") : nothing}${ids}`;
}

function documents(report, now, act) {
  const {own} = now, there = LISTS.filter((list) => report.counts[list]);
  const list = there.includes(own.list) ? own.list : there[0];
  if (!list) return nothing;
  const rows = report[list], may = list === "missing" && now.can("operator");
  const columns = [
    {name: "name", title: t("reconcile.reference"), kind: "main", cell: name},
    {name: "day", title: t("reconcile.day"), cell: (row) => dayWords(row.day)},
    {name: "incl", title: t("reconcile.incl"), kind: "num", cell: (row) => (row.incl ? decimal(row.incl) : nothing)},
    {name: "what", title: t("reconcile.what"), kind: "wide", cell: (row) => known_of(row, list, report)},
  ];
  const select = may ? {has: (key) => own.picked.has(key), toggle: (key) => act.change((all) => {
    if (!all.picked.delete(key)) all.picked.add(key);
  }), label: name} : null;
  const missing = own.picked.size || rows.length;
  return html`<section><h2>${t("reconcile.lists")}</h2>
    ${tabs({label: t("reconcile.lists"), now: list, list: there.map((one) => ({name: one, label: t("reconcile." + one),
      n: report.counts[one]})),
      choose: (chosen) => act.change((all) => {
        all.list = chosen;
        all.shown = SHOWN;
      })})}
    <div role="tabpanel" id="panel-${list}" aria-labelledby="tab-${list}" tabindex="0">
    ${may ? html`<div class="actions">${button({label: t("reconcile.queue", {n: missing}), kind: "main", shape: "again",
      disabled: !!own.running,
      run: () => queue(now, act), key: "q"})}</div>` : nothing}
    ${table({name: list, caption: t("reconcile." + list), columns, rows: rows.slice(0, own.shown), select,
      key: (row) => row.key || row.id || row.reference})}
    ${rows.length > own.shown ? button({label: t("reconcile.show_more"), run: () => act.change((all) => {
      all.shown += SHOWN;
    })}) : report.counts[list] > rows.length ? html`<p class="muted">${t("reconcile.more",
      {n: report.counts[list] - rows.length})}</p>` : nothing}
    </div></section>`;
}

function gaps(report) {
  const list = report.gaps?.numbers || [];
  if (!list.length) return nothing;
  return html`<section><h2>${t("reconcile.gaps")}</h2><p>${list.slice(0, 60).map((one,
    i) => html`${i ? ", " : ""}<span class="mono">${one.prefix}${one.first}${one.last > one.first
    ? "–" + one.last : ""}</span>`)}</p></section>`;
}

function shown(report, now, act) {
  const by = report.how === "schedule" ? t("reconcile.made_schedule", {at: when(report.at)}) : report.at
    ? t("reconcile.made", {at: when(report.at), who: report.who}) : "";
  return html`
    <div class="head"><h2 id="report">${t("reconcile.of", {flow: report.flow, from: dayWords(report.from), to: dayWords(report.to)})}</h2>
      <span class="muted">${by}</span></div>
    <div class="sides">${side(report, "source")}${side(report, "destination")}${verdict(report)}</div>
    ${report.listed ? nothing : html`<p class="muted">${t("reconcile.not_listed", {name: report.destination.connection})}</p>`}
    ${documents(report, now, act)}${figures(report, now.own, act)}${gaps(report)}`;
}

function earlier(now) {
  const rows = now.data.results;
  if (!rows.length) return nothing;
  return html`<section><h2>${t("reconcile.earlier")}</h2>${table({name: "kept", caption: t("reconcile.earlier"), rows,
    key: (row) => row.number, href: (row) => link("reconcile/" + row.number), columns: [
      {name: "at", title: t("reconcile.at"), kind: "main", cell: (row) => when(row.at)},
      {name: "period", title: t("reconcile.period"), cell: (row) => `${dayWords(row.from)} – ${dayWords(row.to)}`},
      {name: "who", title: t("reconcile.by"), cell: (row) => (row.how === "schedule" ? t("reconcile.schedule") : row.who)},
      {name: "source", title: t("reconcile.side.source"), kind: "num", cell: (row) => amount(row.source.incl)},
      {name: "destination", title: t("reconcile.side.destination"), kind: "num", cell: (row) => amount(row.destination.incl)},
      {name: "result", title: t("reconcile.result"), cell: (row) => (row.differences ? mark("parked", t("reconcile.differences",
        {n: row.differences}))
        : mark("done", t("reconcile.equal")))},
    ]})}</section>`;
}

export const page = {
  name: "reconcile",
  title: "reconcile.title",
  role: "viewer",
  keys: {
    c: {text: "reconcile.key_compare", run: compare},
    q: {text: "reconcile.key_queue", run: queue},
  },
  own: () => {
    const [from, to] = thisMonth();
    return {flow: "", from, to, wrong: "", running: "", progress: null, task: null, report: null, picked: new Set(), list: "",
      figures: "",
      only: true, shown: SHOWN, figuresShown: SHOWN};
  },

  async load({params, rest, own, signal}) {
    const report = rest ? await get(path`/reconcile/${rest}`, {}, {signal}) : null;
    const flows = (await get("/flows", {}, {signal})).flows;
    const order = [...flows].sort((a, b) => Number(b.enabled) - Number(a.enabled)).map((one) => one.flow);
    const flow = report?.flow || (order.includes(params.flow) ? params.flow : order[0] || "");
    if (report && !own.begun) {
      Object.assign(own, {begun: true, flow, from: report.from, to: report.to});
    }
    const {results} = flow ? await get("/reconcile", {flow, limit: 12}, {signal}) : {results: []};
    return {report, flows: order, flow, results};
  },

  view(now, act) {
    const report = now.own.report || now.data.report;
    if (!now.data.flows.length) return empty({shape: "scales", title: t("reconcile.no_flow"), action: html`<a class="button"
      href="#/setup">${t("nav.setup")}</a>`});
    return html`${now.can("operator") ? form(now, act) : nothing}${running(now, act)}
      ${report ? shown(report, now, act) : now.own.running ? nothing
        : empty({shape: "scales", title: t("reconcile.none"), text: t("reconcile.none_text")})}
      ${earlier(now)}`;
  },

  actions(now, act) {
    return now.data.report ? button({label: t("reconcile.csv"), shape: "out", run: () => save(now, act)}) : nothing;
  },
};
