// SPDX-License-Identifier: MIT
// A rule of the alerts: what it is measured by, and its dialog.
import {html, nothing, button} from "../ui.js";
import {t, span, known} from "../i18n.js";
import {send, path} from "../api.js";
import {field, choice, check} from "./form.js";
import {saved} from "./saved.js";

const UNITS = [["d", 86400000], ["h", 3600000], ["m", 60000], ["s", 1000]];

// "2h" of milliseconds, as the file has it.
function typed(ms) {
  const [unit, size] = UNITS.find(([, one]) => ms % one === 0) || ["ms", 1];
  return ms / size + unit;
}

export function threshold(row) {
  if (!row.measure) return t("alerts.m_once");
  if (row.measure === "after" && !row.threshold) return t("alerts.m_interval");
  return row.measure === "count" || row.measure === "percent" ? t("alerts.m_" + row.measure, {n: row.threshold})
    : t("alerts.m_" + row.measure, {span: span(row.threshold)});
}

export function ruleDialog(now, act, row) {
  const measured = row.measure === "after" || row.measure === "before";
  const value = row.threshold === row.usual ? "" : measured ? typed(row.threshold) : String(row.threshold);
  const own = {on: row.on, severity: row.severity, threshold: value, all: !row.channels, channels: new Set(row.channels || [])};
  const names = now.data.settings.channels.map((one) => one.channel);
  return act.ask({title: known("rule." + row.rule) ? t("rule." + row.rule) : row.rule, confirm: t("alerts.save"), own,
    body: (mine, change) => {
      const put = (name) => (to) => change(() => {
        mine[name] = to;
      });
      return html`<div class="fields">
        ${check({name: "on", label: t("alerts.is_on"), value: mine.on, set: put("on")})}
        ${choice({name: "severity", label: t("alerts.severity"), value: mine.severity, set: put("severity"),
          choices: ["warning", "critical"].map((one) => ({value: one, title: t("alerts." + one)}))})}
        ${row.measure ? field({name: "threshold", label: t("alerts.f_" + row.measure), value: mine.threshold, set: put("threshold"),
          inputmode: measured ? undefined : "numeric", help: measured ? t("alerts.span_help") : t("alerts.number_help",
            {n: row.usual})}) : nothing}
        ${names.length ? html`<fieldset class="field"><legend>${t("alerts.tells")}</legend>
          ${check({name: "all_channels", label: t("alerts.all_channels"), value: mine.all, set: put("all")})}
          ${mine.all ? nothing : names.map((name) => check({name: "tell-" + name, label: name, value: mine.channels.has(name),
            set: (on) => change(() => {
            if (on) mine.channels.add(name);
            else mine.channels.delete(name);
          })}))}</fieldset>` : nothing}
        ${row.changed ? html`<div class="actions">${button({label: t("alerts.back_usual"), run: () => change(() => {
          Object.assign(mine, {on: true, severity: row.usual_severity, threshold: "", all: true});
        })})}</div>` : nothing}</div>`;
    },
    run: async (mine) => {
      const settings = {}, text = mine.threshold.trim();
      if (!mine.on) settings.on = false;
      if (mine.severity !== row.usual_severity) settings.severity = mine.severity;
      if (text) settings[row.measure] = measured || !/^\d+$/.test(text) ? text : Number(text);
      if (!mine.all) settings.channels = [...mine.channels];
      const answer = saved(await send("PUT", path`/alerts/rules/${row.rule}`, {settings}), t("alerts.not_saved"));
      act.say(answer.revision ? t("alerts.saved", {revision: String(answer.revision)}) : t("alerts.saved_same"));
      await act.reload();
    }});
}
