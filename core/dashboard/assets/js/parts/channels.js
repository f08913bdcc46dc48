// SPDX-License-Identifier: MIT
// The dialogs of channels: changed, tested as they are on the screen, removed; and the rest of alerts.conf.
import {html, nothing, button, banner} from "../ui.js";
import {t, span, LANGUAGES} from "../i18n.js";
import {send, path, busy} from "../api.js";
import {field, choice, check, secret} from "./form.js";
import {saved} from "./saved.js";

const FIELDS = {
  mail: [{name: "url", label: "url_mail", help: "url_mail_help", required: true}, {name: "from", label: "from", required: true,
    type: "email"},
    {name: "to", label: "to", help: "to_help", required: true}, {name: "user", label: "user"}],
  webhook: [{name: "url", label: "url", required: true, type: "url"}],
  ntfy: [{name: "url", label: "url", required: true, type: "url"}, {name: "topic", label: "topic", required: true}],
};
const SECRETS = {mail: [["password", null]], webhook: [["secret", "secret_help"]], ntfy: [["token", null]]};
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "never"];

const done = (answer) => (answer.revision ? t("alerts.saved", {revision: String(answer.revision)}) : t("alerts.saved_same"));

// The members as the file is to have them: what the form does not know stays.
function body(own) {
  const settings = {...own.kept, type: own.type};
  for (const {name} of FIELDS[own.type]) {
    const text = (own[name] || "").trim();
    if (name === "to") settings.to = text.split(/[,;\s]+/).filter(Boolean);
    else if (text) settings[name] = text;
    else delete settings[name];
  }
  if (own.quiet) {
    settings.quiet = {...own.kept.quiet, from: own.quiet_from, until: own.quiet_until};
    if (own.critical) settings.quiet.critical = true;
    else delete settings.quiet.critical;
  } else delete settings.quiet;
  const secrets = {};
  for (const [name] of SECRETS[own.type]) {
    if (own.secrets[name]) secrets[name] = own.secrets[name];
    else if (name === "password" && !settings.user && own.set.password) secrets.password = null;
  }
  return {settings, secrets};
}

function tested({test}) {
  if (!test) return nothing;
  return html`${banner({tone: test.ok ? "ok" : "bad", alert: true, title: test.ok ? t("alerts.test_good", {ms: span(test.ms)})
    : t("alerts.test_bad"),
    text: test.error ? html`<span lang="en">${test.error}</span>` : nothing})}
    ${test.dialogue.length ? html`<details><summary>${t("alerts.dialogue")}</summary><pre class="said" lang="en"
      tabindex="0">${test.dialogue.join("\n")}</pre></details>` : nothing}`;
}

async function test(own, change) {
  const over = busy();
  change(() => {
    own.testing = true;
    own.test = null;
  });
  try {
    const answer = await send("POST", path`/alerts/channels/${own.name}/test`, body(own));
    change(() => {
      own.test = answer;
    });
  } catch (error) {
    change(() => {
      own.test = {ok: false, error: error.text || error.code, dialogue: []};
    });
  } finally {
    change(() => {
      own.testing = false;
    });
    over();
  }
}

function draw(own, change) {
  const put = (name) => (value) => change(() => {
    own[name] = value;
    own.test = null;
  });
  return html`<div class="fields">
    ${own.old ? nothing : field({name: "name", label: t("alerts.name"), help: t("alerts.name_help"), required: true, value: own.name,
      set: put("name")})}
    ${FIELDS[own.type].map((one) => {
      const hidden = own.set[one.name]; // an address that is a reference
      return field({name: one.name, label: t("alerts." + one.label), required: one.required && !hidden, type: one.type,
        value: own[one.name],
        help: hidden ? t("alerts.from_where", {from: hidden.from}) : one.help && t("alerts." + one.help), set: put(one.name)});
    })}
    ${SECRETS[own.type].map(([name, help]) => secret({name, label: t("alerts." + name), help: own.set[name] ? undefined : help
      && t("alerts." + help),
      isSet: !!own.set[name], value: own.secrets[name], auto: "new-password", set: (value) => change(() => {
        own.secrets[name] = value;
        own.test = null;
      })}))}
    ${check({name: "quiet", label: t("alerts.has_quiet"), value: own.quiet, set: put("quiet")})}
    ${own.quiet ? html`<div class="filters">${field({name: "quiet_from", label: t("alerts.quiet_begin"), type: "time",
      value: own.quiet_from, set: put("quiet_from")})}
      ${field({name: "quiet_until", label: t("alerts.quiet_end"), type: "time", value: own.quiet_until, set: put("quiet_until")})}
      ${check({name: "critical", label: t("alerts.quiet_critical"), value: own.critical, set: put("critical")})}</div>` : nothing}
    <div class="actions">${button({label: own.testing ? t("alerts.testing") : t("alerts.test"), disabled: own.testing || !own.name,
      run: () => test(own, change)})}</div>
    ${tested(own)}</div>`;
}

// row null: a new one of that type.
export function channelDialog(now, act, row, type) {
  const settings = row?.settings || {}, may = now.data.settings.writable;
  const own = {old: row, type: row?.type || type, name: row?.channel || "", kept: settings, set: row?.secrets || {}, secrets: {},
    to: (Array.isArray(settings.to) ? settings.to : [settings.to].filter(Boolean)).join(", "), quiet: !!settings.quiet,
    quiet_from: settings.quiet?.from || "22:00", quiet_until: settings.quiet?.until || "07:00", critical: !!settings.quiet?.critical};
  for (const name of ["url", "from", "user", "topic"]) own[name] = settings[name] || "";
  return act.ask({title: row ? row.channel : t("alerts.add", {type: t("alerts.type_" + type)}), confirm: may ? t("alerts.save") : null,
    own, body: draw,
    check: (mine) => (mine.name ? "" : t("alerts.need_name")),
    run: async (mine) => {
      const answer = saved(await send("PUT", path`/alerts/channels/${mine.name}`, body(mine)), t("alerts.not_saved"));
      act.say(done(answer));
      await act.reload();
    }});
}

export function removeDialog(act, row) {
  return act.ask({title: t("alerts.remove_title", {name: row.channel}), text: t("alerts.remove_text"), confirm: t("alerts.remove"),
    danger: true,
    run: async () => {
      saved(await send("DELETE", path`/alerts/channels/${row.channel}`), t("alerts.not_saved"));
      act.say(t("alerts.removed", {name: row.channel}));
      await act.reload();
    }});
}

// What is saved, without a form.
export async function testNow(act, channel) {
  const answer = await act.run(() => send("POST", path`/alerts/channels/${channel}/test`), {quiet: true});
  if (answer) await act.ask({title: channel, confirm: null, body: () => tested({test: answer})});
}

export function generalDialog(now, act) {
  const old = now.data.settings.settings;
  const own = {name: old.name || "", language: old.language || "", url: old.url || "", digest: old.digest || "08:00",
    weekly: old.weekly || "monday",
    personal: !!old.personal, heartbeat: "", beats: !!old.heartbeat};
  return act.ask({title: t("alerts.general"), confirm: t("alerts.save"), own, body: (mine, change) => {
    const put = (name) => (value) => change(() => {
      mine[name] = value;
    });
    return html`<div class="fields">
      ${field({name: "g_name", label: t("alerts.g_name"), value: mine.name, set: put("name")})}
      ${choice({name: "g_language", label: t("alerts.g_language"), value: mine.language, none: t("alerts.usual"), set: put("language"),
        choices: LANGUAGES.map((one) => ({value: one, title: t("language." + one)}))})}
      ${field({name: "g_url", label: t("alerts.g_url"), type: "url", value: mine.url, set: put("url")})}
      ${field({name: "g_digest", label: t("alerts.g_digest"), type: "time", value: mine.digest, set: put("digest")})}
      ${choice({name: "g_weekly", label: t("alerts.g_weekly"), value: mine.weekly, set: put("weekly"),
        choices: DAYS.map((one) => ({value: one, title: t("alerts.day_" + one)}))})}
      ${check({name: "g_personal", label: t("alerts.g_personal"), value: mine.personal, set: put("personal")})}
      ${field({name: "g_heartbeat", label: t("alerts.g_heartbeat"), type: "url", value: mine.heartbeat,
        help: t("alerts.g_heartbeat_help"),
        placeholder: mine.beats ? t("alerts.set") : undefined, set: put("heartbeat")})}</div>`;
  },
  run: async (mine) => {
    const settings = {name: mine.name || null, language: mine.language || null, url: mine.url || null,
      digest: mine.digest === "08:00" ? null : mine.digest, weekly: mine.weekly === "monday" ? null : mine.weekly,
        personal: mine.personal || null};
    if (mine.heartbeat) settings.heartbeat = {url: mine.heartbeat};
    const answer = saved(await send("PATCH", "/alerts/settings", {settings}), t("alerts.not_saved"));
    act.say(done(answer));
    await act.reload();
  }});
}
