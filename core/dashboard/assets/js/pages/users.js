// SPDX-License-Identifier: MIT
// Who may do what: users with their roles and sessions, and tokens of programs.
import {html, nothing, table, button, banner, mark} from "../ui.js";
import {t, ago, when, date} from "../i18n.js";
import {get, send, path} from "../api.js";
import {field, choice, check, radios} from "../parts/form.js";
import {sessionTable} from "../parts/sessions.js";
import {copy} from "../parts/saving.js";

const ROLES = ["viewer", "operator", "admin"];
const roleName = (role) => (role === "metrics" ? t("users.metrics") : t("role." + role));
const roleChoices = (roles) => roles.map((role) => ({value: role,
  title: html`${roleName(role)} <small class="muted">${t("users.role_" + role)}</small>`}));
const small = (key, name, run, kind = "") => html`<button type="button" class="button small ${kind}" aria-label=${t(key) + " " + name}
  @click=${run}>${t(key)}</button>`;

// What is shown this once: a link, a token.
function once(act, {title, text, label, value}) {
  return act.ask({title, text, confirm: null, body: () => html`${field({name: "once", label, value, readonly: true, wide: true})}
    <div class="actions">${button({label: t("users.copy"), run: () => copy(value, act)})}</div>`});
}

const showLink = (act, made) => once(act, {title: t("users.link_title", {user: made.user}), text: t("users.link_text",
  {until: when(made.until)}),
  label: t("users.link"), value: made.url || ""});

// ---- users ----

async function invite(act) {
  const made = await act.ask({title: t("users.invite_title"), confirm: t("users.invite_do"), own: {user: "", role: "viewer",
    personal: false},
    check: (own) => (own.user ? "" : t("users.need_name")),
    body: (own, change) => html`<div class="fields">
      ${field({name: "user", label: t("users.name"), help: t("users.name_help"), required: true, value: own.user,
        set: (user) => change(() => {
        own.user = user.trim();
      })})}
      ${radios({name: "role", label: t("users.role"), value: own.role, choices: roleChoices(ROLES), set: (role) => change(() => {
        own.role = role;
      })})}
      ${own.role === "viewer" ? check({name: "personal", label: t("users.personal"), value: own.personal, set: (on) => change(() => {
        own.personal = on;
      })}) : nothing}</div>`,
    run: (own) => send("POST", "/users", {user: own.user, role: own.role, ...(own.role === "viewer" ? {personal: own.personal} : {})})});
  if (!made) return;
  await act.reload();
  await showLink(act, made);
}

async function change(act, row) {
  await act.ask({title: t("users.change_title", {user: row.user}), confirm: t("users.save"), own: {role: row.role,
    personal: row.personal},
    body: (own, redraw) => html`<div class="fields">
      ${radios({name: "role", label: t("users.role"), value: own.role, choices: roleChoices(ROLES), set: (role) => redraw(() => {
        own.role = role;
      })})}
      ${own.role === "viewer" ? check({name: "personal", label: t("users.personal"), value: own.personal, set: (on) => redraw(() => {
        own.personal = on;
      })}) : nothing}</div>`,
    run: async (own) => {
      await send("PATCH", path`/users/${row.user}`, {role: own.role, ...(own.role === "viewer" ? {personal: own.personal} : {})});
      act.say(t("users.changed", {user: row.user}));
      await act.reload();
    }});
}

async function newLink(act, row) {
  const made = await act.ask({title: t("users.reset_title", {user: row.user}), text: row.password ? t("users.reset_text",
    {user: row.user}) : "",
    confirm: t("users.invite_do"), danger: row.password, run: () => send("POST", path`/users/${row.user}/reset`)});
  if (!made) return;
  await act.reload();
  await showLink(act, made);
}

function remove(act, name, where) {
  return act.ask({title: t("users.remove_title", {name}), text: t("users.remove_text"), confirm: t("users.remove_do"), danger: true,
    run: async () => {
    await send("DELETE", where);
    act.say(t("users.removed", {name}));
    await act.reload();
  }});
}

async function sessions(act, row) {
  const asked = await act.run(() => get(path`/users/${row.user}/sessions`), {quiet: true});
  if (!asked) return;
  await act.ask({title: t("users.sessions_of", {user: row.user}), wide: true, confirm: null, own: asked, body: (own,
    redraw) => (own.sessions.length
    ? sessionTable(own.sessions, async (one) => {
      await send("DELETE", path`/users/${row.user}/sessions/${one.session}`);
      redraw(() => {
        own.sessions = own.sessions.filter((other) => other !== one);
      });
    }) : html`<p>${t("users.no_sessions")}</p>`)});
  await act.reload();
}

function seen(row) {
  if (row.seen) return html`<time datetime=${row.seen} title=${when(row.seen)}>${ago(row.seen)}</time>`;
  return row.password ? t("users.never") : row.invited_until ? t("users.invited", {until: when(row.invited_until)})
    : mark("warning", t("users.expired"));
}

function people(now, act) {
  const me = now.session.user.name;
  return table({name: "users", caption: t("users.people"), rows: now.data.users, key: (row) => row.user, columns: [
    {name: "user", title: t("users.name"), kind: "main", cell: (row) => html`${row.user}${row.user === me
      ? html` <small class="muted">${t("users.you")}</small>` : nothing}`},
    {name: "role", title: t("users.role"), cell: (row) => html`${roleName(row.role)}${row.role === "viewer" && row.personal
      ? html`<small class="muted">${t("users.personal")}</small>` : nothing}`},
    {name: "totp", title: t("users.totp"), cell: (row) => (row.totp ? mark("done", t("users.on")) : mark("off", t("users.off")))},
    {name: "seen", title: t("users.seen"), cell: seen},
    {name: "sessions", title: t("users.sessions"), kind: "num", cell: (row) => (row.sessions
      ? html`<button type="button" class="button quiet small"
        @click=${() => sessions(act, row)}>${String(row.sessions)} <span class="hidden">${t("users.sessions_of",
          {user: row.user})}</span></button>` : String(0))},
    {name: "do", title: t("users.actions"), cell: (row) => html`<div class="actions">
      ${row.user === me ? html`<a class="button small" href="#/me">${t("nav.me")}</a>` : html`
      ${small("users.change", row.user, () => change(act, row))}${small("users.new_link", row.user, () => newLink(act, row))}
      ${small("users.remove", row.user, () => remove(act, row.user, path`/users/${row.user}`), "danger")}`}</div>`},
  ]});
}

// ---- tokens ----

async function newToken(act) {
  const made = await act.ask({title: t("users.new_token"), confirm: t("users.token_make"), own: {token: "", role: "metrics", until: ""},
    check: (own) => (own.token ? "" : t("users.need_name")),
    body: (own, change_) => html`<div class="fields">
      ${field({name: "token", label: t("users.token_name"), required: true, value: own.token, set: (token) => change_(() => {
        own.token = token.trim();
      })})}
      ${choice({name: "token-role", label: t("users.role"), value: own.role, help: t("users.role_" + own.role),
        set: (role) => change_(() => {
        own.role = role;
      }), choices: ["metrics", ...ROLES].map((role) => ({value: role, title: roleName(role)}))})}
      ${field({name: "until", label: t("users.token_until"), type: "date", help: t("users.token_until_help"), value: own.until,
        set: (until) => change_(() => {
        own.until = until;
      })})}</div>`,
    run: (own) => send("POST", "/tokens", {token: own.token, role: own.role, ...(own.until ? {until: own.until} : {})})});
  if (!made) return;
  await act.reload();
  await once(act, {title: made.token, text: t("users.token_shown"), label: t("users.token"), value: made.secret});
}

function tokens(now, act) {
  const rows = now.data.tokens;
  return html`<section><div class="head"><h2>${t("users.tokens")}</h2>${button({label: t("users.new_token"),
    run: () => newToken(act)})}</div>
    ${rows.length ? table({name: "tokens", caption: t("users.tokens"), rows, key: (row) => row.token, columns: [
      {name: "token", title: t("users.token_name"), kind: "main", cell: (row) => row.token},
      {name: "role", title: t("users.role"), cell: (row) => roleName(row.role)},
      {name: "used", title: t("users.token_used"), cell: (row) => (row.used ? ago(row.used) : t("users.never"))},
      {name: "until", title: t("users.token_ends"), cell: (row) => (row.until ? date(row.until) : t("users.ever"))},
      {name: "by", title: t("users.made_by"), cell: (row) => row.by},
      {name: "do", title: t("users.actions"), cell: (row) => small("users.remove", row.token, () => remove(act, row.token,
        path`/tokens/${row.token}`), "danger")},
    ]}) : html`<p class="muted">${t("users.no_tokens")}</p>`}</section>`;
}

export const page = {
  name: "users",
  title: "users.title",
  role: "admin",
  events: ["session"],

  async load({signal}) {
    const [{users}, list] = await Promise.all([get("/users", {}, {signal}), get("/tokens", {}, {signal})]);
    return {users, tokens: list.tokens};
  },

  view(now, act) {
    const admins = now.data.users.filter((row) => row.role === "admin").length;
    return html`${admins < 2 ? banner({tone: "info", title: t("users.only_you"), text: t("users.only_you_text")}) : nothing}
      ${people(now, act)}${tokens(now, act)}`;
  },

  actions(now, act) {
    return button({label: t("users.invite"), kind: "main", shape: "people", run: () => invite(act)});
  },
};
