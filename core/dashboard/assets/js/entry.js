// SPDX-License-Identifier: MIT
// Who nobody knows yet: log-in, the claim of a new installation by its one-time link (#claim=TOKEN), and an invitation
// (#invite=TOKEN), whose user chooses a password.
import {html, nothing, banner, button, errorTitle, errorBody} from "./ui.js";
import {field} from "./parts/form.js";
import {send, busy} from "./api.js";
import {t} from "./i18n.js";

const own = {user: "", password: "", code: "", again: "", token: "", invite: "", invited: null, running: false,
  error: null, wrong: {}, asksCode: false};

// The token leaves the address at once: it must not stay in the history.
export function begin() {
  const token = /^#claim=(.+)$/.exec(location.hash);
  if (token) {
    own.token = decodeURIComponent(token[1]);
    history.replaceState(null, "", "#/overview");
  }
  const invite = /^#invite=(.+)$/.exec(location.hash);
  if (invite) {
    Object.assign(own, {invite: decodeURIComponent(invite[1]), invited: null, error: null});
    history.replaceState(null, "", "#/overview");
  }
}

// Whose invitation it is.
async function look(draw) {
  own.running = true;
  try {
    own.invited = await send("POST", "/invite/show", {token: own.invite});
    own.user = own.invited.user;
  } catch (error) {
    if (error.code === undefined) throw error;
    Object.assign(own, {error, invite: ""});
  }
  own.running = false;
  draw();
}

async function submit(event, claim, {draw, enter}) {
  event.preventDefault();
  if (own.running) return;
  own.error = null;
  own.wrong = {};
  if (!own.user) own.wrong.user = t("entry.need_user");
  if (!own.password) own.wrong.password = t("entry.need_password");
  const fresh = claim || own.invite;
  if (fresh && own.password && own.password.length < 12) own.wrong.password = t("entry.short");
  if (fresh && own.password !== own.again) own.wrong.again = t("entry.differ");
  if (Object.keys(own.wrong).length) {
    draw();
    document.querySelector("[aria-invalid]")?.focus();
    return;
  }
  own.running = true;
  draw();
  const done = busy();
  try {
    if (claim) await send("POST", "/claim", {token: own.token, user: own.user, password: own.password});
    else if (own.invite) await send("POST", "/invite", {token: own.invite, password: own.password});
    else await send("POST", "/session", {user: own.user, password: own.password, ...(own.code ? {code: own.code} : {})});
    Object.assign(own, {password: "", again: "", code: "", token: "", invite: "", asksCode: false});
    own.running = false;
    await enter();
  } catch (error) {
    if (error.code === undefined) throw error;
    own.running = false;
    if (error.code === "session.code") own.asksCode = true;
    else own.error = error;
    draw();
    if (own.asksCode) document.getElementById("code")?.focus();
  } finally {
    done();
  }
}

function form(claim, tools) {
  const fresh = claim || !!own.invite;
  const set = (name) => (value) => {
    own[name] = value;
  };
  return html`<form novalidate @submit=${(event) => submit(event, claim, tools)}>
    ${own.error ? banner({tone: "bad", title: errorTitle(own.error), text: errorBody(own.error), alert: true}) : nothing}
    ${own.invite ? nothing : field({name: "user", label: t("entry.user"), value: own.user, set: set("user"), auto: "username",
      required: true, error: own.wrong.user})}
    ${field({name: "password", type: "password", label: t("entry.password"), value: own.password, set: set("password"),
      required: true,
      auto: fresh ? "new-password" : "current-password", error: own.wrong.password, help: fresh ? t("entry.password_help") : ""})}
    ${fresh ? field({name: "again", type: "password", label: t("entry.again"), value: own.again, set: set("again"),
      required: true, auto: "new-password", error: own.wrong.again}) : nothing}
    ${own.asksCode ? field({name: "code", label: t("entry.code"), value: own.code, set: set("code"), auto: "one-time-code",
      inputmode: "numeric", help: t("entry.code_help")}) : nothing}
    ${button({label: claim ? t("entry.claim") : own.invite ? t("entry.accept") : t("entry.in"), kind: "main",
      type: "submit", disabled: own.running})}
  </form>`;
}

export function view(tools) {
  const claim = tools.session.claim;
  const title = claim ? t("entry.claim_title") : own.invite ? t("entry.invite_title") : t("entry.title");
  if (own.invite && !own.invited && !own.running) look(tools.draw);
  document.title = `${title} · Koppel`;
  return html`<main class="entry">
    <p class="brand"><svg viewBox="0 0 32 32" aria-hidden="true"><circle cx="8" cy="16" r="5"/><circle cx="24" cy="16" r="5" class="fill"/>
      <path d="M13 16h6"/></svg><span>${t("ui.koppel")}</span></p>
    <h1 tabindex="-1">${title}</h1>
    ${claim && !own.token ? html`<p>${t("entry.claim_where")}</p>`
      : html`${claim ? html`<p>${t("entry.claim_text")}</p>` : nothing}
        ${own.invite && own.invited ? html`<p>${t("entry.invite_text",
    {user: own.invited.user, role: t("role." + own.invited.role)})}</p>` : nothing}
        ${form(claim, tools)}`}
    <footer>${tools.languages()}</footer>
  </main>`;
}
