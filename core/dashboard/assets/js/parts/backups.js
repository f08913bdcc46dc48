// SPDX-License-Identifier: MIT
// Backups that are kept beside the store: one more, one less, and one put back, for which the engine begins again.
import {html, nothing, banner, button, empty, table} from "../ui.js";
import {t, bytes, when} from "../i18n.js";
import {get, path, send} from "../api.js";
import {field} from "./form.js";

async function make(act) {
  const made = await act.run(() => send("POST", "/backups/kept"));
  if (made) act.say(t("backups.made", {bytes: bytes(made.bytes)}));
}

const ofWhen = (one) => t("backups.of", {at: when(one.at)});

async function back(now, act, one) {
  const done = await act.ask({title: t("backups.back_title", {at: when(one.at)}), text: t("backups.back_text"), confirm: t("backups.back"),
    danger: true, own: {why: ""}, check: (own) => (own.why.trim() ? "" : t("backups.need_why")),
    body: (own) => html`<p>${t("backups.back_means")}</p>${field({name: "why", label: t("backups.why"), required: true, value: own.why,
      set: (text) => {
        own.why = text;
      }})}`,
    run: (own) => send("POST", path`/backups/kept/${one.backup}/restore`, {why: own.why.trim()})});
  if (done) act.change((own) => {
    own.restoring = {at: one.at, last: now.data.last?.at ?? null};
  });
}

async function drop(act, one) {
  await act.ask({title: t("backups.drop_title", {at: when(one.at)}), text: t("backups.drop_text"), confirm: t("backups.drop"),
    danger: true, run: async () => {
    await send("DELETE", path`/backups/kept/${one.backup}`);
    act.say(t("backups.dropped"));
    await act.reload();
  }});
}

// What came of the last one that was put back.
function came(last) {
  if (!last) return nothing;
  const what = {at: when(last.at), who: last.who};
  if (last.error) {
    return banner({tone: "bad", title: t(last.replaced ? "backups.half" : "backups.failed", what), text: html`<span lang="en">${last.error}</span>`});
  }
  return banner({tone: "ok", title: t("backups.is_back", {...what, made: when(last.made)}),
    text: last.older ? t("backups.older", {links: last.links, n: last.open}) : t("backups.same")});
}

export const backups = {
  role: "admin",
  own: () => ({restoring: null}),

  async load({own, signal}) {
    const data = await get("/backups", {}, {signal});
    if (own.restoring && data.last && data.last.at !== own.restoring.last) own.restoring = null;
    return data;
  },

  view(now, act) {
    const {backups: rows, folder, last} = now.data, {restoring} = now.own;
    return html`<section><p>${t("backups.text")}</p><p class="muted">${t("backups.key")}</p>
      ${restoring ? banner({tone: "info", title: t("backups.restoring", {at: when(restoring.at)}), text: t("backups.wait")}) : came(last)}
      <div class="actions">${button({label: t("backups.make"), kind: "main", disabled: !!restoring, run: () => make(act)})}</div></section>
      ${rows.length ? table({name: "backups", caption: t("settings.backups"), rows, key: (one) => one.backup, columns: [
        {name: "at", title: t("backups.at"), kind: "main", cell: (one) => when(one.at)},
        {name: "bytes", title: t("backups.size"), kind: "num", cell: (one) => bytes(one.bytes)},
        {name: "file", title: t("backups.file"), kind: "wide", cell: (one) => html`<code>${one.backup}</code>`},
        {name: "do", title: t("backups.do"), cell: (one) => html`<span class="actions">${button({label: t("backups.back_more"), kind: "small",
          hint: ofWhen(one), disabled: !!restoring, run: () => back(now, act, one)})}
          ${button({label: t("backups.drop_more"), kind: "small", hint: ofWhen(one), run: () => drop(act, one)})}</span>`},
      ]}) : empty({title: t("backups.none"), text: t("backups.none_text"), shape: "book"})}
      <p class="muted">${t("backups.folder")} <code>${folder}</code></p>`;
  },
};
