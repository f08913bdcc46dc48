// SPDX-License-Identifier: MIT
// How long what is kept, one person's records, the files of the configuration, backups, and the program itself:
// #/settings?tab=files&file=flows.d/orders.conf
import {html, nothing, tabs} from "../ui.js";
import {t} from "../i18n.js";
import {keep} from "../parts/keep.js";
import {person} from "../parts/person.js";
import {files} from "../parts/files.js";
import {backups} from "../parts/backups.js";
import {system} from "../parts/system.js";

// Each: {role, own(), load({params, own, session, signal}), view(now, act), leave(now), save(now, act)}.
const TABS = {keep, person, files, backups, system};

// Which of them is looked at: the first that the role may see, unless the address says so.
function tabOf(params, can) {
  const may = Object.keys(TABS).filter((name) => can(TABS[name].role));
  return [may.includes(params.tab) ? params.tab : may[0], may];
}

const RANK = {viewer: 1, operator: 2, admin: 3};

export const page = {
  name: "settings",
  title: "settings.title",
  role: "viewer",
  events: ["config"],
  keys: {},
  own: () => ({...keep.own(), ...person.own(), ...files.own(), ...backups.own()}),

  async load(how) {
    const rank = RANK[how.session.user.role];
    const [tab] = tabOf(how.params, (role) => rank >= RANK[role]);
    return {tab, ...await TABS[tab].load(how)};
  },

  view(now, act) {
    const [, may] = tabOf(now.params, now.can), {tab} = now.data;
    return html`${tabs({label: t("settings.tabs"), now: tab, list: may.map((name) => ({name, label: t("settings." + name)})),
      choose: async (name) => act.set({tab: name, file: null, before: null, copy: null})})}
      <div role="tabpanel" id="panel-${tab}" aria-labelledby="tab-${tab}" tabindex="0">${TABS[tab].view(now, act)}</div>`;
  },

  actions(now) {
    return now.can("admin") ? html`<a class="button" href="#/users">${t("nav.users")}</a><a class="button"
      href="#/audit">${t("nav.audit")}</a>`
      : nothing;
  },

  leave(now) {
    return files.leave(now);
  },
};
