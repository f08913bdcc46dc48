// SPDX-License-Identifier: MIT
// What is kept of one person, by e-mail address: found, exported, erased.
import {html, nothing, table, button, banner, progress, link} from "../ui.js";
import {t, number, when} from "../i18n.js";
import {get, send} from "../api.js";
import {field} from "./form.js";
import {download} from "./download.js";

// An order about the address that was looked for, with its progress.
async function ask(now, act, what, route, body) {
  act.change((own) => {
    own.busy = what;
    own.progress = null;
  });
  const answer = await act.run(() => send("POST", route, {email: now.own.asked, ...body}, {onProgress: (seen) => act.change((own) => {
    own.progress = seen;
  })}), {quiet: true});
  act.change((own) => {
    own.busy = "";
  });
  return answer;
}

async function find(now, act) {
  const email = now.own.email.trim();
  act.change((own) => {
    own.need = email ? "" : t("settings.need_email");
    own.asked = email;
    own.found = own.erased = null;
  });
  if (!email) return;
  const found = await ask(now, act, "looking", "/persons/find");
  act.change((own) => {
    own.found = found || null;
  });
}

async function save(now, act) {
  const whole = await ask(now, act, "exporting", "/persons/export", {whole: true});
  if (whole) download("person.json", JSON.stringify(whole, null, 2) + "\n", "application/json");
}

async function erase(now, act) {
  const asked = await act.ask({title: t("settings.ep_title"), text: t("settings.ep_text"), confirm: t("settings.erase"), danger: true,
    own: {again: "", why: ""}, check: (own) => (own.again.trim().toLowerCase() === now.own.asked.toLowerCase()
      ? "" : t("settings.ep_differ")),
    body: (own, change) => html`<p><strong>${now.own.asked}</strong></p>
      ${field({name: "again", label: t("settings.ep_again"), type: "email", value: own.again, set: (text) => change(() => {
        own.again = text;
      })})}
      ${field({name: "why", label: t("settings.why"), value: own.why, set: (text) => change(() => {
        own.why = text;
      })})}`});
  if (!asked) return;
  const erased = await ask(now, act, "erasing", "/persons/erase", asked.why ? {why: asked.why} : {});
  if (!erased) return;
  act.change((own) => {
    own.erased = erased;
    own.found = null;
  });
  await act.reload();
}

function found(now, act) {
  const one = now.own.found;
  if (!one) return nothing;
  if (!one.records.length && !one.links.length && !one.files.length) {
    return banner({tone: "ok", title: t("settings.found_none", {email: now.own.asked})});
  }
  return html`<section><div class="head"><h2>${t("settings.found")}</h2><div class="actions">
      ${button({label: t("settings.export"), shape: "out", disabled: !!now.own.busy, run: () => save(now, act)})}
      ${button({label: t("settings.erase_person"), kind: "danger", disabled: !!now.own.busy, run: () => erase(now, act)})}</div></div>
    <p>${t("settings.found_of", {records: number(one.records.length), jobs: number(one.jobs), links: number(one.links.length),
      looked: number(one.looked)})}</p>
    ${one.files.length ? html`<p>${t("settings.in_files")} ${one.files.map((name) => html`<a href=${link("settings", {tab: "files",
      file: name})}>${name}</a> `)}</p>`
      : nothing}
    ${one.records.length ? table({name: "person", caption: t("settings.found"), rows: one.records.slice(0, 200),
      key: (row) => row.flow + "/" + row.key,
      href: (row) => link("activity", {flow: row.flow, key: row.key}), columns: [
        {name: "record", title: t("settings.record"), kind: "main", cell: (row) => row.key},
        {name: "flow", title: t("settings.flow"), cell: (row) => row.flow},
        {name: "jobs", title: t("settings.versions_n"), kind: "num", cell: (row) => number(row.jobs)},
        {name: "open", title: t("settings.open_n"), kind: "num", cell: (row) => number(row.open)},
      ]}) : nothing}</section>`;
}

function erased(one) {
  if (!one) return nothing;
  return banner({tone: "ok", alert: true, title: t("settings.ep_done", {jobs: number(one.erased.jobs),
    documents: number(one.erased.documents),
    skipped: number(one.skipped), report: String(one.report)}), text: html`<p>${t("settings.stays")}</p>
    ${one.under_way ? html`<p><strong>${t("settings.ep_busy", {n: one.under_way})}</strong></p>` : nothing}`});
}

function reports(rows) {
  if (!rows.length) return nothing;
  return html`<section><h2>${t("settings.reports")}</h2>${table({name: "reports", caption: t("settings.reports"), rows,
    key: (row) => row.number, columns: [
    {name: "number", title: t("settings.report"), kind: "main", cell: (row) => String(row.number)},
    {name: "at", title: t("settings.at"), cell: (row) => when(row.at)},
    {name: "who", title: t("settings.by"), cell: (row) => row.who},
    {name: "why", title: t("settings.why"), kind: "wide", cell: (row) => row.why || nothing},
    {name: "contents", title: t("settings.contents"), kind: "num", cell: (row) => number(row.erased?.jobs)},
  ]})}</section>`;
}

export const person = {
  role: "admin",
  own: () => ({email: "", asked: "", need: "", found: null, erased: null, busy: "", progress: null}),
  load: ({signal}) => get("/persons/reports", {limit: 20}, {signal}),

  view(now, act) {
    const {own} = now, {looked, of} = own.progress || {};
    return html`<section><p class="muted">${t("settings.p_help")}</p>
      <form class="filters" @submit=${(event) => {
        event.preventDefault();
        find(now, act);
      }}>${field({name: "email", label: t("settings.email"), type: "email", value: own.email, error: own.need,
        set: (email) => act.change((all) => {
        all.email = email;
      })})}${button({label: t("settings.find"), kind: "main", type: "submit", shape: "search", disabled: !!own.busy})}</form>
      ${own.busy ? html`<p role="status">${t("settings." + own.busy)} ${of ? progress({done: looked, of,
        label: t("settings." + own.busy)}) : nothing}</p>` : nothing}
      </section>${found(now, act)}${erased(own.erased)}${reports(now.data.reports)}`;
  },
};
