// SPDX-License-Identifier: MIT
// What was delivered, once more: what a changed mapping would change of it, and records that are read again on purpose.
import {html, nothing, banner, button, empty, link, mark, pairs, table} from "../ui.js";
import {t, number} from "../i18n.js";
import {path, send} from "../api.js";
import {area, choice, field} from "./form.js";

const SHOWN = 20; // fields that differ, and examples
const AT_ONCE = 5000; // keys: a body has room for so many

// An order that takes long: what it does is told meanwhile, and it can be stopped. In parts, where its keys are many: a flow
// has one at a time, so none goes behind one that is not through. Answers what came of each.
async function order(state, act, name, bodies, signal) {
  const tell = (members) => act.change((own) => {
    own.again.running = members && {...own.again.running, ...members};
  });
  tell({name, seen: {}});
  const parts = await act.run(async () => {
    const all = [];
    for (const body of bodies) {
      const out = await send("POST", path`/flows/${state.rest}/${name}`, body,
        {signal, onTask: (task) => tell({task}), onProgress: (seen) => tell({seen})});
      all.push(out);
      if (out.flow?.error || out.flow?.again?.over === false) break;
    }
    return all;
  }, {quiet: true});
  tell(null);
  return parts;
}

const since = (again) => (again.since ? {since: again.since} : {});

async function look(state, act) {
  const {again} = state.own;
  again.came = again.plan = null;
  const parts = await order(state, act, "resend", [since(again)], act.signal);
  if (parts) act.change(() => {
    [again.plan] = parts;
  });
}

// What was not ordered stays where it was, to be ordered again: what is through by then is not made twice.
async function take(state, act, body) {
  const {keys} = body, bodies = keys ? [] : [body];
  for (let i = 0; i < keys?.length; i += AT_ONCE) bodies.push({keys: keys.slice(i, i + AT_ONCE)});
  const parts = await order(state, act, "again", bodies);
  if (parts) act.change(({again}) => {
    const all = parts.map((one) => one.flow.again || {}), sum = (name) => all.reduce((n, one) => n + (one[name] || 0), 0);
    again.came = {...parts.at(-1).flow, again: {...all.at(-1), taken: sum("taken"), unknown: sum("unknown"),
      names: all.flatMap((one) => one.names || [])}};
    if (parts.length === bodies.length) again.plan = null;
  });
}

async function readAgain(state, act) {
  const {again} = state.own;
  const keys = again.keys.split("\n").map((one) => one.trim()).filter(Boolean);
  again.wrong = again.how === "since" ? (again.day ? "" : t("again.need_day")) : keys.length ? "" : t("again.need_keys");
  again.came = null;
  if (again.wrong) act.change();
  else await take(state, act, again.how === "since" ? {since: again.day} : {keys});
}

function running(state, act) {
  const now = state.own.again.running;
  if (!now) return nothing;
  const n = now.seen.read ?? now.seen.looked;
  return html`<div class="banner info" role="status"><progress aria-label=${t("again.is_" + now.name)}></progress>
    <div><strong>${t("again.is_" + now.name)}</strong>${n ? html` <span>${t("again.looked", {n})}</span>` : nothing}</div>
    ${now.task ? button({label: t("again.stop"), run: () => act.run(() => send("DELETE", path`/tasks/${now.task}`), {quiet: true})})
      : nothing}</div>`;
}

// ---- what came of it ----

function came(row) {
  if (!row) return nothing;
  const again = row.again || {}, tone = row.error ? "bad" : "ok";
  return html`${banner({tone, title: row.error ? t("again.failed") : t("again.came", {n: again.taken ?? 0}),
    text: row.error ? html`<span lang="en">${row.error.text ?? row.error}</span>` : again.over === false ? t("again.later") : nothing})}
    ${again.names?.length ? html`<p>${t("again.unknown", {n: again.unknown ?? again.names.length, names: again.names.join(", ")})}</p>`
      : nothing}`;
}

// ---- what would change ----

const value = (one) => (one === null || one === undefined || one === "" ? "–" : typeof one === "object" ? JSON.stringify(one) : String(one));

function examples(rows) {
  return table({name: "again", caption: t("again.examples"), rows: rows.slice(0, SHOWN), key: (row) => String(row.key), columns: [
    {name: "number", title: t("dry.record"), kind: "main", cell: (row) => row.number || row.key},
    {name: "outcome", title: t("dry.outcome"), cell: (row) => mark(row.outcome === "parked" ? "parked" : "done",
      t("dry." + row.outcome.replace(/\W/g, "_")))},
    {name: "differs", title: t("again.differs"), kind: "wide", cell: (row) => html`${row.differs?.length ? html`<dl
      class="values">${row.differs.map((one) => html`<div><dt><code>${one.field}</code></dt>
      <dd>${t("again.change", {was: value(one.was), now: value(one.now)})}</dd></div>`)}</dl>` : nothing}
      ${row.detail ? html`<span lang="en">${row.detail}</span>` : nothing}`},
  ]});
}

function plan(state, act) {
  const {plan: one} = state.own.again;
  if (!one) return nothing;
  if (!one.delivered) return empty({title: t("again.nothing"), text: t("again.nothing_text"), shape: "search"});
  return html`${pairs([[t("again.of"), t("again.delivered", {n: one.delivered})], ...["differ", "same", "held", "cannot", "left"]
    .map((name) => [t("again." + name), one[name] || name === "differ" ? number(one[name]) : nothing])])}
    ${one.held ? banner({tone: "warn", title: t("again.held_title", {n: one.held}), text: t("again.held_text"),
      action: html`<a class="button" href=${link("flow/" + state.rest, {tab: "settings"})}>${t("flow.tab_settings")}</a>`}) : nothing}
    ${one.fields.length ? html`<h3>${t("again.fields")}</h3><ul class="plain">${[...one.fields].sort((a, b) => b.count - a.count)
      .slice(0, SHOWN).map((row) => html`<li><code>${row.field}</code> ${t("again.times", {n: row.count})}</li>`)}</ul>` : nothing}
    ${one.examples.length ? html`<h3>${t("again.examples")}</h3>${examples(one.examples)}` : nothing}
    <div class="actions">${one.differ ? button({label: t("again.send", {n: one.differ}), kind: "main", disabled: !!state.own.again.running,
      run: () => take(state, act, {keys: one.keys})}) : one.held ? nothing : mark("done", t("again.all_same"))}</div>`;
}

export function again(state, act) {
  if (!state.can("operator")) return html`<p class="muted">${t("again.no_right")}</p>`;
  const {again: own} = state.own;
  const put = (name) => (text) => act.change(() => {
    own[name] = text;
    own.wrong = "";
  });
  const form = (run, body) => html`<form class="filters" @submit=${(event) => {
    event.preventDefault();
    if (!own.running) run(state, act);
  }}>${body}</form>`;
  return html`${running(state, act)}${came(own.came)}
    <section><h2>${t("again.title")}</h2><p class="help">${t("again.help")}</p>
      ${form(look, html`${field({name: "again-since", label: t("again.since"), type: "date", value: own.since, set: put("since")})}
        ${button({label: t("again.look"), kind: own.plan?.differ ? "" : "main", type: "submit", disabled: !!own.running})}`)}
      ${plan(state, act)}</section>
    <section><h2>${t("again.read")}</h2><p class="help">${t("again.read_help")}</p>
      ${form(readAgain, html`${choice({name: "again-how", label: t("again.which"), value: own.how, choices: [{value: "since",
        title: t("again.by_day")}, {value: "keys", title: t("again.by_key")}], set: put("how")})}
        ${own.how === "since" ? field({name: "again-day", label: t("again.day"), type: "date", value: own.day, error: own.wrong,
          set: put("day")})
          : area({name: "again-keys", label: t("again.keys"), help: t("again.keys_help"), rows: 3, value: own.keys, error: own.wrong,
            set: put("keys")})}
        ${button({label: t("again.do_read"), type: "submit", disabled: !!own.running})}`)}</section>`;
}
