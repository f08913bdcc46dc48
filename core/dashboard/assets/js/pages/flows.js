// SPDX-License-Identifier: MIT
// All flows: where each goes from and to, whether it runs, and the way to its settings.
import {html, table, link} from "../ui.js";
import {t, ago, number, when} from "../i18n.js";
import {get} from "../api.js";
import {endColumns, noFlows} from "../parts/flow_ends.js";
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
    if (!flows.length) return noFlows(state);
    return table({name: "all-flows", caption: t("nav.flows"), rows: flows, key: (flow) => flow.flow,
      href: (flow) => link("flow/" + flow.flow),
      tone: (flow) => (flow.enabled ? "" : "faint"), columns: [
        {name: "flow", title: t("flow.title"), kind: "main", cell: (flow) => flow.flow},
        ...endColumns(),
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
