// SPDX-License-Identifier: MIT
// The connections: how each stands, its test by steps, its log-in, its credentials, and what it has to choose from.
import {html, nothing, mark, button, banner, table, pairs, link, empty} from "../ui.js";
import {t, ago, when, date, getLanguage} from "../i18n.js";
import {get, send, path} from "../api.js";
import {question, valueOf} from "../parts/question.js";
import {begun, told, stepsOf} from "../parts/login.js";
import {field} from "../parts/form.js";

const stands = (one) => (one.blocked ? "blocked" : one.circuit);
const moment = (iso) => (iso ? html`<time datetime=${iso} title=${when(iso)}>${ago(iso)}</time>` : nothing);

function list(now) {
  const rows = now.data.connections;
  if (!rows.length) {
    return empty({shape: "plug", title: t("connections.none"), text: t("connections.none_text"),
      action: now.can("admin") ? html`<a class="button main" href="#/setup">${t("overview.set_up")}</a>` : nothing});
  }
  return table({name: "connections", caption: t("connections.title"), rows, key: (one) => one.connection,
    href: (one) => link("connections/" + one.connection), columns: [
      {name: "connection", title: t("connections.name"), kind: "main", cell: (one) => one.connection},
      {name: "connector", title: t("connections.connector"), cell: (one) => one.connector},
      {name: "state", title: t("connections.state"), kind: "wide", cell: (one) => html`${mark(stands(one))}
        ${one.why || one.blocked ? html`<small lang="en">${one.blocked || one.why}</small>` : nothing}`},
      {name: "login", title: t("connections.login"), cell: (one) => mark(one.login)},
      {name: "answered", title: t("connections.answered"), cell: (one) => moment(one.answered)},
    ]});
}

// ---- one ----

async function test(now, act) {
  act.change((own) => {
    own.test = null;
    own.testing = true;
  });
  const found = await act.run(() => send("POST", path`/connections/${now.rest}/test`), {quiet: true});
  act.change((own) => {
    own.testing = false;
    own.test = found || null;
  });
}

async function leaveFor(now, act) {
  const found = await act.run(() => send("POST", path`/connections/${now.rest}/login`, {redirect: location.origin + "/oauth/callback"}),
    {quiet: true});
  if (found?.connected) {
    act.say(t("connections.in"));
    await act.reload();
  } else if (found?.url) {
    begun({connection: now.rest, state: found.state});
    location.assign(found.url);
  }
}

async function paste(now, act) {
  const found = await act.run(() => send("POST", path`/connections/${now.rest}/login`,
    {redirect: "http://127.0.0.1:" + (49152 + Math.floor(Math.random() * 16384)) + "/callback"}), {quiet: true});
  if (!found?.url) return;
  await act.ask({title: t("connections.paste"), text: t("connections.paste_text"), confirm: t("connections.finish"), own: {answer: ""},
    body: (own) => html`<p><a href=${found.url} target="_blank" rel="noopener noreferrer">${t("setup.open")}</a></p>
      ${field({name: "answer", label: t("connections.address"), value: own.answer, required: true, set: (text) => {
        own.answer = text;
      }})}`,
    check: (own) => (own.answer.trim() ? "" : t("connections.address_missing")),
    run: async (own) => {
      await send("POST", path`/connections/${now.rest}/login/finish`, {answer: own.answer});
      act.say(t("connections.in"));
    }});
  await act.reload();
}

async function replace(now, act, settings, force) {
  const out = await act.run(() => send("POST", path`/connections/${now.rest}/credentials`, {settings, ...(force ? {force: true} : {})}),
    {quiet: true});
  if (!out) return;
  if (out.same === false && !force) {
    const told = [...Object.entries(out.before).map(([name, value]) => [t("connections.was", {name}), value]),
      ...Object.entries(out.now).map(([name, value]) => [t("connections.is", {name}), value])];
    const sure = await act.ask({title: t("connections.other"), text: t("connections.other_text"), danger: true,
      confirm: t("connections.other_do"), body: () => pairs(told)});
    if (sure) await replace(now, act, settings, true);
    return;
  }
  act.change((own) => {
    own.test = out.test || null;
    own.settings = {};
    own.mistakes = out.saved ? [] : out.mistakes || [];
    own.refused = out.refused || "";
  });
  if (out.saved) {
    act.say(t("connections.replaced"));
    await act.reload();
  }
}

function settings(now, act) {
  const {own} = now, list_ = now.data.one.settings;
  const wrong = (name) => own.mistakes.filter((one) => (one.path || "").endsWith("/" + name)).map((one) => one.text);
  const ask = (one) => question(wrong(one.name).length ? {...one, errors: wrong(one.name)} : one, {value: valueOf(one, own.settings),
    set: (value) => act.change(() => {
      own.settings[one.name] = value;
    })});
  return html`<section><h2>${t("connections.settings")}</h2>
    ${now.data.one.refused ? banner({tone: "warn", title: t("connections.read_only"), text: now.data.one.refused}) : nothing}
    ${own.refused ? banner({tone: "bad", title: own.refused, alert: true}) : nothing}
    <form class="fields" novalidate @submit=${(event) => {
      event.preventDefault();
      replace(now, act, own.settings);
    }}>${list_.filter((one) => !one.rare).map(ask)}
      ${list_.some((one) => one.rare) ? html`<details ?open=${own.mistakes.length > 0}><summary>${t("connections.more")}</summary>
        <div class="fields">${list_.filter((one) => one.rare).map(ask)}</div></details>` : nothing}
      <div class="actions">${button({label: t("connections.replace"), type: "submit", kind: "main",
        disabled: !Object.keys(own.settings).length || !!now.data.one.refused})}</div>
    </form></section>`;
}

function choices(now, act) {
  const {own} = now, {lists} = now.data;
  if (!lists?.length) return nothing;
  return html`<section><h2>${t("connections.choices")}</h2><div class="actions">${lists.map((name) => html`${button({label: name, kind: own.list === name
    ? "main" : "", run: async () => {
      const found = await act.run(() => get(path`/connections/${now.rest}/choices`, {list: name}), {quiet: true});
      if (found) {
        act.change(() => {
          own.list = name;
          own.values = found.values;
        });
      }
    }})}`)}</div>
    ${own.values ? table({name: "choices", caption: own.list, rows: own.values, key: (one) => one.value, columns: [
      {name: "value", title: t("connections.value"), kind: "main", cell: (one) => one.value},
      {name: "title", title: t("connections.value_title"), kind: "wide", cell: (one) => one.title}]}) : nothing}</section>`;
}

function one(now, act) {
  const {own} = now, {row, one: about} = now.data;
  if (!row) {
    return empty({shape: "search", title: t("connections.unknown"),
      action: html`<a class="button" href="#/connections">${t("connections.title")}</a>`});
  }
  const out = row.login === "out" || row.login === "ended";
  return html`
    ${own.told.bad ? banner({tone: "bad", title: own.told.bad, alert: true}) : nothing}
    ${own.told.good ? banner({tone: "ok", title: own.told.good}) : nothing}
    ${out ? banner({tone: "bad", title: t("connections.log_in_needed"), text: t("connections.log_in_why"), action: now.can("admin")
      ? button({label: t("connections.log_in"), kind: "main", run: () => leaveFor(now, act)}) : nothing}) : nothing}
    ${pairs([
      [t("connections.state"), mark(stands(row))], [t("connections.why"), row.blocked || row.why || nothing],
      [t("connections.login"), mark(row.login)], [t("connections.connector"), about?.title || row.connector],
      [t("connections.answered"), moment(row.answered)], [t("connections.called"), moment(row.called)],
      [t("connections.token"), row.token_until ? when(row.token_until) : nothing],
      [t("connections.login_until"), row.login_until ? date(row.login_until) : nothing],
      [t("connections.certificate"), row.certificate_until ? `${date(row.certificate_until)} (${row.certificate_host})` : nothing],
    ])}
    ${about?.flows.length ? html`<section><h2>${t("connections.used")}</h2><ul class="chips">${about.flows.map((flow) => html`<li><a
      href=${link("flow/" + flow)}>${flow}</a></li>`)}</ul></section>` : nothing}
    ${own.testing ? html`<p role="status">${t("connections.testing")}</p>` : nothing}
    ${own.test ? html`<section><h2>${t("connections.test")}</h2>${mark({ok: "done", warning: "warning", failed: "error"}[own.test.outcome],
      t("login.outcome." + own.test.outcome))}${stepsOf(own.test.steps)}
      ${pairs(Object.entries(own.test.facts))}</section>` : nothing}
    ${about ? settings(now, act) : nothing}
    ${choices(now, act)}`;
}

async function maybe(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.name === "AbortError" || error.status === 401) throw error;
    return null;
  }
}

export const page = {
  name: "connections",
  title: "connections.title",
  role: "viewer",
  events: ["connection", "config"],
  keys: {t: {text: "connections.key_test", run: (now, act) => (now.rest && now.can("operator") ? test(now, act) : undefined)}},
  own: () => ({told: told(), test: null, testing: false, settings: {}, mistakes: [], refused: "", list: null, values: null}),
  heading: (now) => now.rest || t("connections.title"),

  async load({rest, session, signal}) {
    const {connections} = await get("/connections", {}, {signal});
    if (!rest) return {connections};
    const row = connections.find((each) => each.connection === rest);
    const admin = session.user.role === "admin";
    const [about, lists] = await Promise.all([
      row && admin ? maybe(get(path`/connections/${rest}`, {lang: getLanguage()}, {signal})) : null,
      row ? maybe(get(path`/connections/${rest}/choices`, {}, {signal})) : null]);
    return {connections, row, one: about, lists: lists?.lists};
  },

  view: (now, act) => (now.rest ? one(now, act) : list(now)),

  actions(now, act) {
    if (!now.rest) return now.can("admin") ? html`<a class="button" href="#/setup">${t("connections.add")}</a>` : nothing;
    if (!now.data.row) return nothing;
    const oauth = ["in", "out", "ended"].includes(now.data.row.login);
    return html`${now.can("operator") ? button({label: t("connections.do_test"), shape: "again", disabled: now.own.testing,
      run: () => test(now, act)}) : nothing}
      ${oauth && now.can("admin") ? html`${button({label: t("connections.log_in_again"), shape: "out", run: () => leaveFor(now, act)})}
        ${button({label: t("connections.elsewhere"), kind: "quiet", run: () => paste(now, act)})}` : nothing}`;
  },

  leave: (now) => (Object.keys(now.own.settings).length ? t("setup.unsaved") : ""),
};
