// SPDX-License-Identifier: MIT
// Who ordered what, when and why: #/audit?who=anna&order=flows.pause&since=2026-11-01&after=120
import {html, nothing, table, button, empty, link, words} from "../ui.js";
import {t, when, known} from "../i18n.js";
import {get} from "../api.js";
import {field, choice} from "../parts/form.js";
import {download} from "../parts/download.js";

const ROWS = 50;
const FILTERS = ["who", "order", "about", "since", "until"];
// Orders that can be chosen; those that are found otherwise are added.
const ORDERS = ["jobs.retry", "jobs.skip", "jobs.done", "jobs.edit", "flows.pause", "flows.resume", "flows.run", "flows.again",
  "flows.change", "flows.map", "reconcile.queue", "config.set", "config.table", "config.rollback", "config.publish",
  "files.save", "retention.change",
  "retention.erase", "backups.keep", "backups.drop", "backups.back", "persons.export", "persons.erase",
  "alerts.acknowledge", "alerts.channel", "alerts.rule", "logins.finish", "reload"];

const filters = (params) => Object.fromEntries(FILTERS.filter((one) => params[one]).map((one) => [one, params[one]]));
const orderName = (order, english) => (known("order." + order) ? t("order." + order) : english || order);

// What it was about leads there, where there is a page of it.
function about(row) {
  const {order, about: name, count} = row;
  const many = Number.isInteger(count) ? t("audit.jobs", {n: count}) : "";
  if (!name) return many || nothing;
  const to = order.startsWith("jobs.") && name.includes("/") ? "record/" + name : order.startsWith("flows.")
    || order.startsWith("cases.") ||
    order === "reconcile.queue" ? "flow/" + name : order.startsWith("logins.") ? "connections/" + name : null;
  const query = order === "files.save" ? link("settings", {tab: "files", file: name}) : to && link(to);
  return html`${query ? html`<a href=${query}>${name}</a>` : html`<code>${name}</code>`}${many
    ? html` <small class="muted">${many}</small>` : nothing}`;
}

const columns = () => [
  {name: "at", title: t("audit.at"), kind: "main", cell: (row) => html`<time datetime=${row.at}>${when(row.at)}</time>`},
  {name: "who", title: t("audit.who"), cell: (row) => row.who},
  {name: "order", title: t("audit.order"), cell: (row) => words("order." + row.order, {}, row.what || row.order)},
  {name: "about", title: t("audit.about"), kind: "wide", cell: about},
  {name: "why", title: t("audit.why"), cell: (row) => row.why || nothing},
  {name: "via", title: t("audit.via"), cell: (row) => words("audit.via_" + row.via, {}, row.via)},
];

export const page = {
  name: "audit",
  title: "audit.title",
  role: "admin",

  load({params, signal}) {
    return get("/audit", {...filters(params), limit: ROWS, after: params.after}, {signal});
  },

  view(now, act) {
    const {entries, next} = now.data, {params} = now, set = filters(params);
    const put = (member) => (value) => act.set({[member]: value || null, after: null});
    const orders = [...new Set([...ORDERS, ...entries.map((row) => row.order), params.order].filter(Boolean))]
      .map((order) => ({value: order, title: orderName(order)})).sort((a, b) => a.title.localeCompare(b.title));
    return html`<div class="filters">
        ${field({name: "who", label: t("audit.who"), value: params.who, set: put("who")})}
        ${choice({name: "order", label: t("audit.order"), value: params.order, choices: orders, none: t("audit.any"), set: put("order")})}
        ${field({name: "about", label: t("audit.about"), value: params.about, set: put("about")})}
        ${field({name: "since", label: t("audit.since"), type: "date", value: params.since, set: put("since")})}
        ${field({name: "until", label: t("audit.until"), type: "date", value: params.until, set: put("until")})}
      </div>
      ${entries.length ? table({name: "audit", caption: t("audit.caption"), columns: columns(), rows: entries, key: (row) => row.number})
        : Object.keys(set).length ? empty({shape: "search", title: t("audit.none_found"), action: html`<a class="button"
          href="#/audit">${t("audit.clear")}</a>`})
          : empty({shape: "book", title: t("audit.none"), text: t("audit.none_text")})}
      <div class="actions">${params.after ? html`<a class="button" href=${link("audit", set)}>${t("audit.newest")}</a>` : nothing}
        ${next ? html`<a class="button" href=${link("audit", {...set, after: next})}>${t("audit.older")}</a>` : nothing}</div>`;
  },

  actions(now, act) {
    return now.data.entries.length ? button({label: t("audit.csv"), shape: "out", run: async () => {
      const sheet = await act.run(() => get("/audit/csv", filters(now.params)), {quiet: true});
      if (sheet) download(sheet.name, sheet.text);
    }}) : nothing;
  },
};
