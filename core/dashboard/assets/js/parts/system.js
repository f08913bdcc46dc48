// SPDX-License-Identifier: MIT
// The program and its machine, and what a maintainer asks for.
import {html, table, pairs, button, words} from "../ui.js";
import {t, bytes, span, number, when} from "../i18n.js";
import {get} from "../api.js";
import {download} from "./download.js";

const size = (n) => (n >= 0 ? bytes(n) : "");

export const system = {
  role: "viewer",
  load: ({signal}) => get("/system", {}, {signal}),

  view(now, act) {
    const one = now.data, {store, machine, flows} = one;
    return html`<section>${pairs([
      [t("settings.s_version"), one.version],
      [t("settings.s_up"), one.started ? html`<span title=${when(one.started)}>${span(one.up_ms)}</span>` : ""],
      [t("settings.s_dir"), html`<code>${one.dir}</code>`],
      [t("settings.s_flows"), t("settings.s_on", {n: flows.enabled, of: flows.all})],
      [t("settings.s_connections"), number(one.connections)],
      [t("settings.s_store"), html`${size(store.file)}${store.log > 0 ? html` <small class="muted">${t("settings.s_log",
        {bytes: size(store.log)})}</small>` : ""}`],
      [t("settings.s_disk"), store.disk_free >= 0 ? t("settings.s_free", {free: size(store.disk_free), all: size(store.disk)}) : ""],
      [t("settings.s_memory"), size(one.memory)],
      [t("settings.s_threads"), number(one.threads)],
      [t("settings.s_zone"), one.zone],
      [t("settings.s_machine"), html`${machine.system} <small class="muted">${machine.kernel}</small>`],
      [t("settings.s_processors"), number(machine.processors)],
    ])}</section>
    ${now.can("admin") ? html`<section><h2>${t("settings.support")}</h2><p>${t("settings.support_text")}</p>
      ${button({label: t("settings.bundle"), shape: "out", run: async () => {
        const file = await act.run(() => get("/system/bundle"), {quiet: true});
        if (file) download(file.name, file.text, "application/json");
      }})}</section>` : ""}
    <section><h2>${t("settings.plugins")}</h2>${table({name: "plugins", caption: t("settings.plugins"), rows: one.plugins,
      key: (row) => row.name, columns: [
      {name: "name", title: t("settings.plugin"), kind: "main", cell: (row) => row.name},
      {name: "version", title: t("settings.s_version"), cell: (row) => row.version || ""},
      {name: "kind", title: t("settings.p_kind"), cell: (row) => (row.kind ? words("settings.p_" + row.kind, {}, row.kind) : "")},
      {name: "title", title: t("settings.p_title"), kind: "wide", cell: (row) => html`<span lang="en">${row.error || row.title
        || ""}</span>`},
    ]})}</section>`;
  },
};
