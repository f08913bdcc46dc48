// SPDX-License-Identifier: MIT
// What somebody sets for themselves: password, second factor, language, sessions.
import {html, svg, nothing, button, pairs, mark, errorTitle} from "../ui.js";
import {t, LANGUAGES, setLanguage, wished} from "../i18n.js";
import {get, send, path} from "../api.js";
import {field, choice} from "../parts/form.js";
import {sessionTable} from "../parts/sessions.js";
import {copy} from "../parts/saving.js";

async function changePassword(now, act) {
  const {own} = now;
  own.wrong = {};
  if (!own.current) own.wrong.current = t("entry.need_password");
  if (own.fresh.length < 12) own.wrong.fresh = t("entry.short");
  if (own.fresh !== own.again) own.wrong.again = t("entry.differ");
  act.change();
  if (Object.keys(own.wrong).length) {
    document.querySelector("[aria-invalid]")?.focus();
    return;
  }
  const done = await act.run(async () => {
    try {
      return await send("PUT", "/me/password", {current: own.current, password: own.fresh});
    } catch (error) {
      if (error.code === "password.wrong") own.wrong.current = errorTitle(error);
      else if (error.code === "password.weak") own.wrong.fresh = errorTitle(error);
      else throw error;
      return null;
    }
  }, {quiet: true});
  if (!done) return;
  act.change((all) => Object.assign(all, {current: "", fresh: "", again: "", wrong: {}}));
  act.say(t("me.changed"));
  await act.reload();
}

function password(now, act) {
  const put = (name) => (value) => act.change((own) => {
    own[name] = value;
    delete own.wrong[name];
  });
  const {own} = now;
  return html`<section><h2>${t("me.password")}</h2><form class="fields" novalidate @submit=${(event) => {
    event.preventDefault();
    changePassword(now, act);
  }}>
    <input class="hidden" type="text" autocomplete="username" tabindex="-1" aria-hidden="true" .value=${now.session.user.name}>
    ${field({name: "current", label: t("me.current"), type: "password", auto: "current-password", value: own.current,
      error: own.wrong.current, set: put("current")})}
    ${field({name: "fresh", label: t("me.new"), type: "password", auto: "new-password", help: t("entry.password_help"), value: own.fresh,
      error: own.wrong.fresh, set: put("fresh")})}
    ${field({name: "again", label: t("me.again"), type: "password", auto: "new-password", value: own.again, error: own.wrong.again,
      set: put("again")})}
    <div class="actions">${button({label: t("me.change"), kind: "main", type: "submit"})}</div></form></section>`;
}

// ---- the second factor ----

function picture({size, path: modules}) {
  return html`<div class="qr"><svg role="img" aria-label=${t("me.totp_picture")} viewBox=${`0 0 ${size} ${size}`}
    shape-rendering="crispEdges">${svg`<path d=${modules}/>`}</svg></div>`;
}

async function begin(now, act) {
  const made = await act.run(() => send("POST", "/me/totp"), {quiet: true});
  if (!made) return;
  const done = await act.ask({title: t("me.totp"), text: t("me.totp_scan"), confirm: t("me.totp_confirm"), own: {code: ""},
    check: (own) => (/^\d{6}$/.test(own.code) ? "" : t("me.totp_need")),
    body: (own, change) => html`
      ${made.picture ? picture(made.picture) : nothing}
      <p>${t("me.totp_secret")}: <code class="secret">${made.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code></p>
      ${field({name: "totp-code", label: t("me.totp_code"), inputmode: "numeric", auto: "one-time-code", value: own.code,
        set: (code) => change(() => {
        own.code = code.replace(/\s/g, "");
      })})}`,
    run: (own) => send("PUT", "/me/totp", {code: own.code})});
  if (!done?.codes) return;
  await act.reload();
  await act.ask({title: t("me.totp_codes"), text: t("me.totp_codes_text"), confirm: null, body: () => html`<pre class="said"
    tabindex="0">${done.codes.join("\n")}</pre>
    <div class="actions">${button({label: t("users.copy"), run: () => copy(done.codes.join("\n"), act)})}</div>`});
}

function end(act) {
  return act.ask({title: t("me.totp_end"), text: t("me.totp_end_text"), confirm: t("me.totp_end"), danger: true, run: async () => {
    await send("DELETE", "/me/totp");
    act.say(t("me.totp_ended"));
    await act.reload();
  }});
}

function second(now, act) {
  const on = now.data.user.totp;
  return html`<section><h2>${t("me.totp")}</h2><p class="muted">${t("me.totp_text")}</p>
    <div class="actions">${on ? mark("done", t("me.totp_on")) : mark("off", t("me.totp_off"))}
      ${on ? button({label: t("me.totp_end"), run: () => end(act)}) : button({label: t("me.totp_begin"), run: () => begin(now,
        act)})}</div></section>`;
}

export const page = {
  name: "me",
  title: "me.title",
  role: "viewer",
  own: () => ({current: "", fresh: "", again: "", wrong: {}}),

  async load({signal}) {
    const [{user}, list] = await Promise.all([get("/session", {}, {signal}), get("/me/sessions", {}, {signal})]);
    return {user, sessions: list.sessions};
  },

  view(now, act) {
    const {user, sessions} = now.data;
    return html`<section>${pairs([[t("me.who"), user.name], [t("me.role"), t("role." + user.role)]])}
      ${choice({name: "language", label: t("me.language"), value: user.language, none: t("me.language_any"),
        choices: LANGUAGES.map((one) => ({value: one,
        title: t("language." + one)})), set: (language) => act.run(async () => {
        await send("PATCH", "/me", {language});
        await setLanguage(language || wished(), !!language);
      }, {said: () => t("me.language_set")})})}</section>
      ${password(now, act)}${second(now, act)}
      <section><h2>${t("me.sessions")}</h2>${sessionTable(sessions, (one) => act.run(() => send("DELETE",
        path`/me/sessions/${one.session}`),
        {said: t("users.ended")}))}</section>`;
  },
};
