// SPDX-License-Identifier: MIT
// The keyboard: single keys, those of the page too, and the list of them. board: {pages, here} of the shell.
import {html} from "./ui.js";
import {t} from "./i18n.js";

let prefix = ""; // the first of two keys

export async function help({pages, here}) {
  const rows = [["?", t("keys.help")], ["/", t("keys.search")], ["j k", t("keys.rows")], ["Enter", t("keys.open")], ["x", t("keys.pick")],
    ["Esc", t("keys.back")], ...pages.filter((one) => one.nav).map((one) => ["g " + one.key, t("nav." + one.name)]),
    ...Object.entries(here?.module?.keys || {}).map(([key, one]) => [key, t(one.text)])];
  await here.act.ask({title: t("ui.keys"), confirm: null, body: (own, change) => html`
    <label class="check"><input type="checkbox" .checked=${keysOn()} @change=${(event) => {
      try {
        localStorage.setItem("koppel.keys", event.target.checked ? "on" : "off");
      } catch { /* storage may be off */ }
      change();
    }}><span>${t("keys.on")}</span></label>
    <dl class="keys">${rows.map(([key, text]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${text}</dd></div>`)}</dl>`});
}

function keysOn() {
  try {
    return localStorage.getItem("koppel.keys") !== "off";
  } catch {
    return true;
  }
}

function step(by) {
  const rows = [...document.querySelectorAll("main [data-row]")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const to = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))];
  (to.querySelector("[data-row-link], [data-row-pick], summary, button, a") || to).focus();
}

export function onKey(event, board) {
  const {pages, here} = board;
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    const menuOpen = document.querySelector("details.menu[open]");
    if (menuOpen) {
      menuOpen.open = false;
      menuOpen.querySelector("summary").focus();
    } else if (typing) event.target.blur();
    else document.querySelector("[data-back]")?.click();
    return;
  }
  if (typing || !keysOn()) return;
  if (prefix === "g") {
    prefix = "";
    const row = pages.find((one) => one.nav && one.key === event.key);
    if (row) {
      event.preventDefault();
      here.act.go("#/" + row.name);
    }
    return;
  }
  const row = document.activeElement?.closest?.("[data-row]");
  const common = {"?": () => help(board), "/": () => document.querySelector("[data-search]")?.focus(), j: () => step(1), k: () => step(-1),
    g: () => {
      prefix = "g";
      setTimeout(() => {
        prefix = "";
      }, 1500);
    }, x: row ? () => row.querySelector("[data-row-pick]")?.click() : null};
  const own = here?.module?.keys?.[event.key];
  const run = own && here.state.data !== undefined ? () => own.run(here.state, here.act) : common[event.key];
  if (!run) return;
  event.preventDefault();
  run();
}
