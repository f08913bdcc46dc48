// SPDX-License-Identifier: MIT
// All flows: where each goes from and to, whether it runs, and the way to its settings.
import {html, empty, table, link, nothing} from "../ui.js";
import {t, ago, number, when} from "../i18n.js";
import {get} from "../api.js";
import {stateOf} from "../parts/flow_tabs.js";

export const page = {
  name: "flows",
  title: "nav.flows",
  role: "viewer",
  events: ["flow", "run", "config"],

  async load({signal}) {
    return get("/flows", {}, {signal});
  },

  view(state) {
    const {flows} = state.data;
    if (!flows.length) {
      return empty({shape: "flow", title: t("flow.no_flows"), text: t("flow.no_flows_text"),
        action: state.can("admin") ? html`<a class="button main" href="#/setup">${t("flow.set_up")}</a>` : nothing});
    }
    return table({name: "all-flows", caption: t("nav.flows"), rows: flows, key: (flow) => flow.flow,
      href: (flow) => link("flow/" + flow.flow),
      tone: (flow) => (flow.enabled ? "" : "faint"), columns: [
        {name: "flow", title: t("flow.title"), kind: "main", cell: (flow) => flow.flow},
        {name: "from", title: t("flow.from"), cell: (flow) => flow.from ?? nothing},
        {name: "to", title: t("flow.to"), cell: (flow) => flow.to ?? nothing},
        {name: "state", title: t("flow.state"), kind: "wide", cell: stateOf},
        {name: "last", title: t("flow.last_good"), cell: (flow) => (flow.last_good
          ? html`<time datetime=${flow.last_good} title=${when(flow.last_good)}>${ago(flow.last_good)}</time>` : t("flow.never"))},
        {name: "parked", title: t("flow.parked"), kind: "num", cell: (flow) => (flow.parked
          ? html`<a class="alarm" href=${link("errors", {flow: flow.flow})}>${number(flow.parked)}</a>` : number(0))},
        {name: "map", title: t("nav.mapper"), cell: (flow) => html`<a class="button quiet small"
          href=${link("mapper/" + flow.flow)}>${t("flow.to_mapper")}</a>`},
      ]});
  },
};
