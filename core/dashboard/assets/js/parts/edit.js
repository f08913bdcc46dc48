// SPDX-License-Identifier: MIT
// "Edit and retry": the record as it was read, as a form or as JSON. What was read stays in the journal; the change
// lies beside it until the source brings a newer version.
import {html, nothing} from "../ui.js";
import {t} from "../i18n.js";
import {get, send, path} from "../api.js";
import {area, field, radios} from "./form.js";
import {leaves, plain} from "./fields.js";

const isText = ([name, value]) => name && (value === null || typeof value !== "object");
const MANY = 12;

// What the source knows; without it the form has what the record has.
const fieldsOf = (job) => get(path`/flows/${job.flow}/fields`).then(({source}) => source, () => []);

export async function editRecord(act, job) {
  const record = job.record || job.source;
  const all = leaves(record).filter(isText), known = new Set(all.map(([name]) => name));
  const fields = await act.run(() => fieldsOf(job), {quiet: true}) || [];
  const titles = Object.fromEntries(fields.map((one) => [one.path.replaceAll("[]", ""), one.titles ?? {en: one.title}]));
  // an address that is missing can be given too
  all.push(...fields.filter((one) => !one.path.includes("[]") && !["object", "list"].includes(one.type) && !known.has(one.path))
    .map((one) => [one.path, null]));
  return act.ask({
    title: t("edit.title"), text: t("edit.text"), confirm: t("edit.save"), wide: true,
    own: {as: "form", why: "", find: "", set: {}, json: JSON.stringify(record, null, 2)},
    body: (own, change) => {
      const wanted = own.find.toLowerCase();
      const shown = all.filter(([name, value]) => (wanted ? `${name} ${plain(name, titles)} ${value}`.toLowerCase().includes(wanted)
        : value !== null && value !== "" || name in own.set));
      return html`${field({name: "edit-why", label: t("jobs.why"), required: true, value: own.why, set: (text) => {
        own.why = text;
      }})}
      ${radios({name: "edit-as", label: t("edit.as"), value: own.as, choices: [{value: "form", title: t("edit.form")}, {value: "json", title: t("edit.json")}],
        set: (value) => change(() => {
          own.as = value;
        })})}
      ${own.as === "json" ? area({name: "edit-json", label: t("edit.record"), rows: 18, code: true, wide: true, value: own.json, set: (text) => {
        own.json = text;
      }}) : html`${all.length > MANY ? field({name: "edit-find", label: t("edit.find"), value: own.find, set: (text) => change(() => {
        own.find = text;
      })}) : nothing}
      <div class="grid">${shown.map(([name, value]) => field({name: "edit-" + name, label: plain(name, titles), help: name,
        value: own.set[name] ?? (value === null ? "" : String(value)), set: (text) => {
          if (text === (value === null ? "" : String(value))) delete own.set[name];
          else own.set[name] = text;
        }}))}</div>`}`;
    },
    check: (own) => (!own.why.trim() ? t("jobs.need_why") : own.as === "form" && !Object.keys(own.set).length ? t("edit.nothing") : ""),
    run: async (own) => {
      const body = {why: own.why.trim()};
      if (own.as === "json") {
        try {
          body.record = JSON.parse(own.json);
        } catch (error) {
          throw Object.assign(new Error(error.message), {code: "edit.json", text: error.message, facts: {}});
        }
      } else body.set = own.set;
      await send("POST", path`/jobs/${job.job}/edit`, body);
      act.say(t("edit.done"));
      await act.reload();
    }});
}
