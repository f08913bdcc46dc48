// SPDX-License-Identifier: MIT
// What needs a person, who is told of it, and by which rules: #/alerts?tab=told
import {html, nothing, table, tabs, button, empty, banner, mark, link} from "../ui.js";
import {t, when, clock, ago, known, getLanguage} from "../i18n.js";
import {get, send, path} from "../api.js";
import {choice, check} from "../parts/form.js";
import {channelDialog, generalDialog, removeDialog, testNow} from "../parts/channels.js";
import {ruleDialog, threshold} from "../parts/alert_rules.js";

const ruleName = (rule) => (known("rule." + rule) ? t("rule." + rule) : rule);
const titled = (row) => (row.rule === "config.rejected" && row.subject ? t("rule.host.lacks") : ruleName(row.rule));
const called = (row) => titled(row) + (row.subject ? " · " + row.subject : "");
const named = (key, name) => t(key) + " " + name;
const small = (key, name, run, kind = "") => html`<button type="button" class="button small ${kind}" aria-label=${named(key, name)}
  @click=${run}>${t(key)}</button>`;

// Where it is mended.
function remedy(row) {
  const {rule, subject} = row;
  if (rule === "records.parked") return link("errors", {flow: subject});
  if (rule === "backlog.age") return link("activity", {flow: subject, state: "waiting"});
  if (rule === "reconcile.difference") return link("reconcile", {flow: subject});
  if (rule.startsWith("flow.")) return link("flow/" + subject);
  if (rule.startsWith("connection.") || rule === "login.expiring") return link("connections/" + subject);
  if (rule === "config.rejected") return subject ? link("hosts") : link("settings", {tab: "files"});
  if (rule === "disk.low" || rule === "store.damaged") return link("settings", {tab: "system"});
  if (rule === "channel.failing") return link("alerts", {tab: "told"});
  if (rule === "login.guessing") return link("users");
  return null;
}

function stand(row) {
  const known_by = row.state === "acknowledged" ? (row.until ? t("alerts.known_by", {who: row.acknowledged, until: when(row.until)})
    : t("alerts.known_grows", {who: row.acknowledged})) : t("alerts.is_" + row.state);
  return html`${known_by}${row.silenced ? html`<small class="muted">${t("alerts.silenced", {why: row.silenced})}</small>` : nothing}
    ${row.flaps ? html`<small class="muted">${t("alerts.flaps", {n: row.flaps})}</small>` : nothing}`;
}

async function acknowledge(row, act) {
  await act.ask({title: t("alerts.ack_title"), text: t("alerts.ack_text"), confirm: t("alerts.ack_title"), own: {until: ""},
    body: (own, change) => html`<p><strong>${titled(row)}</strong></p><p>${row.text}</p>
      ${choice({name: "until", label: t("alerts.until"), value: own.until, none: t("alerts.until_grows"), set: (until) => change(() => {
        own.until = until;
      }), choices: ["1h", "4h", "1d", "7d"].map((one) => ({value: one, title: t("alerts.until_" + one)}))})}`,
    run: async (own) => {
      await send("POST", path`/alerts/${row.alert}/acknowledge`, own.until ? {until: own.until} : {});
      act.say(t("alerts.acked"));
      await act.reload();
    }});
}

function openTab(now, act) {
  const rows = now.data.alerts;
  const columns = [
    {name: "alert", title: t("alerts.alert"), kind: "main", cell: called},
    {name: "severity", title: t("alerts.severity"), cell: (row) => mark(row.severity === "critical" ? "error" : "warning",
      t("alerts." + row.severity))},
    {name: "text", title: t("alerts.what"), kind: "wide", cell: (row) => html`<span>${row.text}</span>${row.do && !remedy(row)
      ? html`<small class="muted" lang="en">${row.do}</small>` : nothing}`},
    {name: "since", title: t("alerts.since"),
      cell: (row) => html`<time datetime=${row.since} title=${when(row.since)}>${ago(row.since)}</time>`},
    {name: "state", title: t("alerts.state"), cell: stand},
    {name: "do", title: t("alerts.act"), cell: (row) => html`<div class="actions">
      ${remedy(row) ? html`<a class="button small" href=${remedy(row)} aria-label=${named("alerts.act",
        called(row))}>${t("alerts.act")}</a>` : nothing}
      ${row.state === "open" && now.can("operator") ? small("alerts.acknowledge", called(row), () => acknowledge(row, act)) : nothing}
      </div>`},
  ];
  return html`${check({name: "all", label: t("alerts.all"), value: now.params.all === "1", set: (on) => act.set({all: on ? "1" : null})})}
    ${rows.length ? table({name: "alerts", caption: t("alerts.open"), columns, rows, key: (row) => row.alert})
      : empty({shape: "check", title: t("alerts.none"), text: t("alerts.none_text")})}`;
}

// ---- who is told ----

function channelState(now, row) {
  const seen = now.data.channels.find((one) => one.channel === row.channel);
  if (seen?.error) return html`${mark("error", seen.failures ? t("alerts.refused", {n: seen.failures})
    : t("alerts.lacks"))}<small lang="en">${seen.error}</small>`;
  if (!seen?.last) return mark("none", t("alerts.never"));
  return mark("done", t("alerts.taken", {at: clock(seen.last)}));
}

function toldTab(now, act) {
  const {settings: all} = now.data;
  const rows = all.channels, may = all.writable;
  const columns = [
    {name: "channel", title: t("alerts.channel"), kind: "main", cell: (row) => row.channel},
    {name: "type", title: t("alerts.type"), cell: (row) => t("alerts.type_" + row.type)},
    {name: "last", title: t("alerts.last"), kind: "wide", cell: (row) => channelState(now, row)},
    {name: "quiet", title: t("alerts.quiet"), cell: (row) => (row.settings.quiet
      ? t("alerts.quiet_from", {from: row.settings.quiet.from || "22:00", until: row.settings.quiet.until || "07:00"}) : nothing)},
    {name: "do", title: t("alerts.edit"), cell: (row) => html`<div class="actions">
      ${small("alerts.edit", row.channel, () => channelDialog(now, act, row))}
      ${may ? small("alerts.remove", row.channel, () => removeDialog(act, row), "danger") : nothing}</div>`},
  ];
  const general = all.settings, rest = [["g_name", general.name], ["g_language", general.language && t("language." + general.language)],
    ["g_url", general.url], ["g_digest", general.digest || "08:00"], ["g_weekly", t("alerts.day_" + (general.weekly || "monday"))],
    ["g_personal", general.personal ? t("alerts.on") : t("alerts.off")], ["g_heartbeat", general.heartbeat ? t("alerts.set")
      : t("alerts.off")]];
  return html`${may ? nothing : banner({tone: "warn", title: t("alerts.read_only"), text: html`<span lang="en">${all.why}</span>`})}
    <section><div class="head"><h2>${t("alerts.channels")}</h2>${may ? html`<div class="actions">${["mail", "webhook",
      "ntfy"].map((type) =>
      button({label: t("alerts.add", {type: t("alerts.type_" + type)}), run: () => channelDialog(now, act, null,
        type)}))}</div>` : nothing}</div>
    ${rows.length ? table({name: "channels", caption: t("alerts.channels"), columns, rows, key: (row) => row.channel})
      : empty({shape: "bell", title: t("alerts.nobody"), text: t("alerts.nobody_text")})}</section>
    <section><div class="head"><h2>${t("alerts.general")}</h2>${may ? button({label: t("alerts.general_change"),
      run: () => generalDialog(now, act)}) : nothing}</div>
    <dl class="pairs">${rest.map(([label, value]) => html`<div><dt>${t("alerts." + label)}</dt><dd>${value
      || t("alerts.usual")}</dd></div>`)}</dl></section>`;
}

// ---- rules ----

function rulesTab(now, act) {
  const columns = [
    {name: "rule", title: t("alerts.rule"), kind: "main", cell: (row) => html`${ruleName(row.rule)}${row.changed
      ? html` <small class="muted">${t("alerts.changed")}</small>` : nothing}`},
    {name: "on", title: t("alerts.state"), cell: (row) => (row.on ? mark("done", t("alerts.on")) : mark("off", t("alerts.off")))},
    {name: "severity", title: t("alerts.severity"), cell: (row) => t("alerts." + row.severity)},
    {name: "threshold", title: t("alerts.from_when"), cell: (row) => threshold(row)},
    {name: "tells", title: t("alerts.tells"), cell: (row) => (row.channels ? row.channels.join(", ") : t("alerts.tells_all"))},
    {name: "do", title: t("alerts.edit"), cell: (row) => (now.data.settings.writable
      ? small("alerts.edit", ruleName(row.rule), () => ruleDialog(now, act, row)) : nothing)},
  ];
  return table({name: "rules", caption: t("alerts.rules"), columns, rows: now.data.settings.rules, key: (row) => row.rule,
    tone: (row) => (row.on ? "" : "faint")});
}

const TABS = {open: openTab, told: toldTab, rules: rulesTab};

// The row whose element has the focus.
function picked(rows, key) {
  const at = document.activeElement?.closest?.("[data-row]")?.dataset.row;
  return rows?.find((row) => String(row[key]) === at);
}

export const page = {
  name: "alerts",
  title: "alerts.title",
  role: "viewer",
  events: ["alert", "config"],
  keys: {
    a: {text: "alerts.key_ack", run: (now, act) => {
      const row = picked(now.data.alerts, "alert");
      if (row?.state === "open" && now.can("operator")) acknowledge(row, act);
    }},
    t: {text: "alerts.key_test", run: (now, act) => {
      const row = picked(now.data.settings?.channels, "channel");
      if (row) testNow(act, row.channel);
    }},
  },

  async load({params, session, signal}) {
    const admin = session.user.role === "admin";
    const [list, settings] = await Promise.all([get("/alerts", {all: params.all === "1" ? true : null, language: getLanguage()},
      {signal}),
      admin ? get("/alerts/settings", {}, {signal}) : null]);
    return {...list, settings};
  },

  view(now, act) {
    const list = ["open", ...(now.data.settings ? ["told", "rules"] : [])];
    const tab = list.includes(now.params.tab) ? now.params.tab : "open";
    const open = now.data.alerts.filter((row) => row.state === "open").length;
    return html`${now.data.channels.length || tab === "told" ? nothing : banner({tone: "bad", title: t("alerts.nobody"),
      text: t("alerts.nobody_text"),
        action: now.data.settings ? html`<a class="button" href=${link("alerts",
          {tab: "told"})}>${t("alerts.add_channel")}</a>` : nothing})}
      ${tabs({label: t("alerts.tabs"), now: tab, choose: (to) => act.set({tab: to === "open" ? null : to}),
        list: list.map((one) => ({name: one, label: t("alerts." + one), n: one === "open" && open ? open : undefined}))})}
      <div role="tabpanel" id="panel-${tab}" aria-labelledby="tab-${tab}" tabindex="0">${TABS[tab](now, act)}</div>`;
  },

  actions(now) {
    return now.can("admin") ? html`<a class="button" href="#/audit">${t("alerts.audit")}</a>` : nothing;
  },
};
