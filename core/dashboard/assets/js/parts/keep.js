// SPDX-License-Identifier: MIT
// How long what is kept: the ages in days, and what they would erase.
import {html, nothing, button, banner} from "../ui.js";
import {t, number, bytes} from "../i18n.js";
import {get, send, busy} from "../api.js";
import {field, check} from "./form.js";
import {diff, copy, mistakes} from "./saving.js";

const DAY = 86400000;
const AGES = ["payloads", "skipped", "rows", "runs", "audit", "revisions"];
const HELPS = ["payloads", "rows"];

// {days: "30", ever: false} of milliseconds; what is no whole number of days is told in days all the same.
const shown = (ms) => ({ever: ms === null, days: ms === null ? "" : String(Math.round(ms / DAY * 100) / 100)});

function draft(now) {
  return now.own.ages || Object.fromEntries(AGES.map((name) => [name, shown(now.data.ages[name])]));
}

// What differs from what is, as the file is to have it; wrong: names of those that are no number of days.
function changes(now) {
  const ages = draft(now), out = {}, wrong = [];
  for (const name of AGES) {
    const is = shown(now.data.ages[name]), one = ages[name];
    if (one.ever === is.ever && one.days === is.days) continue;
    if (one.ever) out[name] = "ever";
    else if (/^[1-9]\d{0,5}$/.test(one.days)) out[name] = one.days + "d";
    else wrong.push(name);
  }
  return {ages: out, wrong};
}

let waiting = null;

// Asks what the ages would come to, once there is a pause.
function planSoon(now, act) {
  const done = busy();
  clearTimeout(waiting?.timer);
  waiting?.done();
  waiting = {done, timer: setTimeout(async () => {
    waiting = null;
    const {ages, wrong} = changes(now);
    let plan = null;
    if (!wrong.length && Object.keys(ages).length && now.can("admin")) {
      plan = await send("PATCH", "/retention", {ages, plan: true}).catch((error) => ({mistakes: [], refused: error.text}));
    }
    act.change((own) => {
      own.plan = plan;
    });
    done();
  }, 300)};
}

function put(now, act, name, members) {
  act.change((own) => {
    own.ages = {...draft(now), [name]: {...draft(now)[name], ...members}};
    own.plan = null;
  });
  planSoon(now, act);
}

async function save(now, act) {
  const answer = await act.run(() => send("PATCH", "/retention", {ages: changes(now).ages}), {quiet: true});
  if (!answer) return;
  act.change((own) => {
    own.plan = answer.saved ? null : answer;
    own.ages = answer.saved ? null : own.ages;
  });
  if (answer.saved) {
    act.say(t("save.saved", {version: answer.revision}));
    await act.reload();
  }
}

async function erase(act) {
  await act.ask({title: t("settings.erase_title"), text: t("settings.erase_text"), confirm: t("settings.erase"), danger: true,
    run: async () => {
    const answer = await send("POST", "/retention");
    act.say(t("settings.erased", {n: answer.erased.contents}));
    await act.reload();
  }});
}

const sum = (old) => t("settings.sum", {contents: number(old.contents), rows: number(old.rows), documents: number(old.documents),
  bytes: bytes(old.bytes)});

function age(now, act, name, wrong) {
  const one = draft(now)[name], may = now.can("admin");
  return html`<div class="age">${field({name: "age-" + name, label: `${t("settings.k_" + name)}, ${t("settings.days")}`,
    inputmode: "numeric",
    value: one.ever ? "" : one.days,
    readonly: one.ever || !may, help: HELPS.includes(name) ? t(`settings.k_${name}_help`) : undefined,
    placeholder: one.ever ? t("settings.ever") : undefined, error: wrong ? t("settings.need_days") : "",
    set: (days) => put(now, act, name, {days: days.trim()})})}
    ${may ? check({name: "ever-" + name, label: html`<span class="hidden">${t("settings.k_" + name)}: </span>${t("settings.ever")}`,
      value: one.ever,
      set: (ever) => put(now, act, name, {ever, days: ever ? "" : one.days || "400"})}) : nothing}</div>`;
}

export const keep = {
  role: "viewer",
  own: () => ({ages: null, plan: null}),
  load: ({signal}) => get("/retention/plan", {}, {signal}),

  view(now, act) {
    const {plan} = now.own, {ages, wrong} = changes(now), n = Object.keys(ages).length + wrong.length;
    const text = plan?.refused ? plan.files.map((one) => one.diff).join("") : "";
    return html`<section><p class="muted">${t("settings.parked")}</p>
      <div class="ages">${AGES.map((name) => age(now, act, name, wrong.includes(name)))}</div>
      <p role="status"><strong>${plan?.old ? t("settings.would_shown") : t("settings.would")}</strong> ${sum(plan?.old
        || now.data.old)}</p>
      ${plan?.mistakes?.length ? mistakes(plan.mistakes) : nothing}
      ${plan?.refused ? banner({tone: "warn", title: t("settings.refused"), text: html`<span lang="en">${plan.refused}</span>`})
        : nothing}
      ${text ? html`${diff(text, t("save.difference"))}${button({label: t("save.copy"), run: () => copy(text, act)})}` : nothing}
      ${now.can("admin") ? html`<div class="actions">
        ${button({label: t("settings.save"), kind: "main", disabled: !n || wrong.length > 0 || !!plan?.refused, run: () => save(now,
          act)})}
        ${n ? button({label: t("save.discard"), run: () => act.change((own) => {
          own.ages = own.plan = null;
        })}) : button({label: t("settings.erase_now"), kind: "danger", disabled: !now.data.old.contents && !now.data.old.rows,
          run: () => erase(act)})}
      </div>` : nothing}</section>`;
  },
};
