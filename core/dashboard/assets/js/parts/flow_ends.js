// SPDX-License-Identifier: MIT
// Flows and their ends: what one reads and writes, in the reader's words where its catalogue has them.
import {html, empty, nothing} from "../ui.js";
import {getLanguage, t} from "../i18n.js";

// Its ends with their titles; without any where only names are known.
export function namedEnds(flow) {
  const end = (one) => (one ? {...one, title: one.titles?.[getLanguage()] || one.title} : {connection: "", title: ""});
  return {...flow, from: end(flow.from), to: end(flow.to)};
}

const known = (one) => one.connection !== "";

// What becomes what, of one that has named ends.
export const way = ({from, to}) => (known(from) ? t("flow.way", {from: from.connection, what: from.title, to: to.connection,
  becomes: to.title}) : nothing);

// Both: what they are called, and as cells of a table of flows.
export const endColumns = () => ["from", "to"].map((name) => ({name, title: t("flow." + name), cell(flow) {
  const one = namedEnds(flow)[name];
  return known(one) ? `${one.connection}: ${one.title}` : nothing;
}}));

export const noFlows = (state) => empty({shape: "flow", title: t("overview.none"), text: t("overview.none_text"),
  action: state.can("admin") ? html`<a class="button main" href="#/setup">${t("overview.set_up")}</a>` : nothing});
