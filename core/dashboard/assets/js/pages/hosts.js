// SPDX-License-Identifier: MIT
// The engines that share the store: since when, which program and configuration, what each holds, who leads.
import {html, nothing, table, banner, empty, mark} from "../ui.js";
import {t, ago, when, number} from "../i18n.js";
import {get, live} from "../api.js";

const AGAIN_MS = 5000; // beats are no events

const state = (row) => (row.alive ? row.leads ? mark("done", t("hosts.leads")) : mark("running", t("hosts.works"))
  : mark("away", t("hosts.silent")));

function revision(row, published) {
  if (!row.revision) return published && row.alive ? mark("warning", t("hosts.none_of_it")) : t("hosts.files");
  return row.revision === published ? number(row.revision) : mark("waiting", t("hosts.behind", {n: row.revision}));
}

const columns = (published) => [
  {name: "host", title: t("hosts.host"), kind: "main", cell: (row) => html`${row.host}${row.own
    ? html` <small class="muted">${t("hosts.own")}</small>` : nothing}`},
  {name: "state", title: t("hosts.state"), cell: state},
  {name: "partitions", title: t("hosts.partitions"), cell: (row) => number(row.partitions)},
  {name: "revision", title: t("hosts.revision"), cell: (row) => revision(row, published)},
  {name: "program", title: t("hosts.program"), cell: (row) => row.program},
  {name: "started", title: t("hosts.started"), cell: (row) => html`<time datetime=${row.started}>${when(row.started)}</time>`},
  {name: "seen", title: t("hosts.seen"), cell: (row) => html`<time datetime=${row.seen}>${ago(row.seen)}</time>`},
  {name: "lacks", title: t("hosts.lacks"), kind: "wide", cell: (row) => row.lacks || nothing},
];

// Looks again after a while, for as long as the page stays and is not told to keep still.
function watch(now, act) {
  const own = now.own;
  if (own.timer) return;
  own.timer = setTimeout(() => {
    own.timer = 0;
    if (!live.paused && !document.hidden) act.reload();
  }, AGAIN_MS);
}

export const page = {
  name: "hosts",
  title: "hosts.title",
  role: "viewer",
  events: ["config"],
  own: () => ({timer: 0}),

  load: ({signal}) => get("/hosts", {}, {signal}),

  view(now, act) {
    const {hosts, published, shared} = now.data, silent = hosts.filter((row) => !row.alive).length;
    if (!shared) return empty({shape: "hosts", title: t("hosts.alone"), text: t("hosts.alone_text")});
    watch(now, act);
    const lacking = hosts.filter((row) => row.alive && row.lacks);
    return html`${lacking.length ? banner({tone: "bad", title: t("hosts.lacking", {n: lacking.length}), text: t("hosts.lacking_text")})
      : nothing}
      <p>${published ? t("hosts.published", {n: published}) : t("hosts.not_published")}</p>
      ${table({name: "hosts", caption: t("hosts.caption"), columns: columns(published), rows: hosts, key: (row) => row.id})}
      ${silent ? html`<p class="muted">${t("hosts.silent_text")}</p>` : nothing}`;
  },
};
