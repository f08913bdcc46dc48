// SPDX-License-Identifier: MIT
// A record that somebody booked by hand is settled with what stands at the destination.
import {html} from "../ui.js";
import {t} from "../i18n.js";
import {send, path} from "../api.js";
import {field} from "./form.js";

export function settle(act, job) {
  return act.ask({title: t("settle.title"), text: t("settle.text"), confirm: t("settle.do"), own: {id: "", why: ""},
    check: (own) => (own.id.trim() && own.why.trim() ? "" : t("settle.need")),
    body: (own, change) => html`
      ${field({name: "settle-id", label: t("settle.id"), required: true, value: own.id, set: (id) => change(() => {
        own.id = id;
      })})}
      ${field({name: "settle-why", label: t("jobs.why"), required: true, value: own.why, set: (why) => change(() => {
        own.why = why;
      })})}`,
    run: async (own) => {
      await send("POST", path`/jobs/${job.job}/done`, {id: own.id.trim(), why: own.why.trim()});
      act.say(t("settle.done"));
      await act.reload();
    }});
}
