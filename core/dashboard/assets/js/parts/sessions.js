// SPDX-License-Identifier: MIT
// Where somebody is logged in. end(row): ends one.
import {html, nothing, table} from "../ui.js";
import {t, ago, when} from "../i18n.js";

// "Chrome, Linux" of what a browser calls itself.
function browserName(agent) {
  const found = [["Edg/", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]]
    .find(([mark]) => agent?.includes(mark));
  const system = ["Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux"].find((one) => agent?.includes(one));
  return [found?.[1], system].filter(Boolean).join(", ") || agent || "";
}

export function sessionTable(rows, end) {
  return table({name: "sessions", caption: t("users.sessions"), rows, key: (row) => row.session, columns: [
    {name: "browser", title: t("users.browser"), kind: "main", cell: (row) => html`${browserName(row.agent)}${row.own
      ? html` <small class="muted">${t("users.this_one")}</small>` : nothing}`},
    {name: "from", title: t("users.from"), cell: (row) => html`${row.address}${row.remembered
      ? html`<small class="muted">${t("users.remembered")}</small>` : nothing}`},
    {name: "seen", title: t("users.last"),
      cell: (row) => html`<time datetime=${row.seen} title=${when(row.seen)}>${ago(row.seen)}</time>`},
    {name: "do", title: t("users.end"), cell: (row) => (row.own ? nothing : html`<button type="button" class="button small"
      aria-label=${t("users.end") + " " + browserName(row.agent)} @click=${() => end(row)}>${t("users.end")}</button>`)},
  ]});
}
