// SPDX-License-Identifier: MIT
// The shell: session, navigation, keyboard, live stream, and the states that every page has.
//
// HOW A PAGE IS WRITTEN
// A page is js/pages/NAME.js, which exports `page`, and its line in PAGES below. Its texts are in
// lang/{en,de,nl}/NAME.json, keys beginning with "NAME."; its styles, where the common ones do not do, in css/.
//
//   export const page = {
//     name: "activity",            the address is #/activity; #/activity/a/b?flow=x gives rest "a/b" and params {flow: "x"}
//     title: "activity.title",     key of the heading and of the window's title
//     role: "viewer",              who may see it; the shell says so to the others
//     events: ["flow", "run"],     load again when the stream tells of such (first part of an event's name)
//     flow: (state) => "orders",   the one flow that it is about: what happens in the others is not looked at
//     keys: {n: {text: "activity.key_new", run(state, act) {...}}},       single keys; "?" lists them
//     own: () => ({picked: new Set()}),                                   what the page keeps while one is on it
//     async load({params, rest, session, own, signal}) { return data; },  signal ends with the page
//     view(state, act) { return html`...`; },                             called once there are data
//     heading(state) { return "Order 10099"; },                           in place of the title, if wanted
//     actions(state, act) { return html`...`; },                          buttons beside the heading
//     event(name, body, state, act) {...},                                every event, if it wants to look
//     leave(state) { return state.own.draft ? t("...") : ""; },           asked before unsaved work would be lost
//   };
//
// state: {params, rest, data, error, loading, asOf, own, session, can(role)}. While it loads, where it failed, where
// nobody may see it and where it is gone the shell draws by itself (ui.js); data that are shown stay when a later load
// fails, with "as of". An answer that is empty is the page's own to draw (ui.js empty()).
//
// act, which is this page's: once it was left, what comes late alters, loads and opens nothing, while orders go on.
//      reload()               asks again (what is shown stays meanwhile)
//      set({flow: "x"})       alters the query of the address (null takes a member away) and loads; go(link) goes elsewhere
//      change((own) => ...)   alters own and draws
//      run(async () => ..., {said, quiet})  an order: draws, loads again unless quiet, tells `said`; an error is shown above
//                                           the page until the next order. Answers what the function does, undefined if it failed
//      say(text)              a short word of what was done, read aloud too
//      ask(spec)              a dialog, see parts/dialog.js; answers null where it was cancelled; signal: ends with the page
//
// Draw by the parts of ui.js: mark(state) for a state (shape and word), table() for lists (rows need a key; the main
// column holds the row's link), pairs(), tabs(), button(), banner(), empty(), progress(); parts/form.js for fields,
// parts/combobox.js for choice lists. Words come by t("key", facts) only: a template holds no literal text, no style
// attribute, no literal aria-label or title (tests/lint/pages.py). Amounts are decimal texts: money(), decimal(). Times
// are RFC 3339: when(), clock(), ago(). Reasons, states and remedies have common keys: reason.X, state.X, remedy.X; what
// has no key is shown by words(key, facts, english). Roles: act on can("operator") before drawing a button.
// Keys j k Enter x work in every table, / goes to the field with data-search, Escape to the element with data-back.
// Drawing is a pure function of state: keep nothing in the page's elements.
import {html, nothing, render, repeat, icon, button, loading, failed, noRight, gone, empty, banner, errorTitle,
  errorBody, link} from "./ui.js";
import {t, LANGUAGES, wished, setLanguage, getLanguage, ago, number} from "./i18n.js";
import {ApiError, get, send, busy, setCsrf, onLost, onProve, live, listen, deafen, pauseLive} from "./api.js";
import {help, onKey} from "./keys.js";

// nav: shown at the left, in this order; key: behind "g"; shared: only where hosts may share the store.
const PAGES = [
  {name: "overview", shape: "home", key: "o", nav: true},
  {name: "errors", shape: "up", key: "e", nav: true},
  {name: "activity", shape: "list", key: "a", nav: true},
  {name: "flows", shape: "flow", key: "f", nav: true},
  {name: "mapper", shape: "map", key: "m", nav: true},
  {name: "connections", shape: "plug", key: "c", nav: true},
  {name: "reconcile", shape: "scales", key: "r", nav: true},
  {name: "alerts", shape: "bell", key: "l", nav: true},
  {name: "settings", shape: "gear", key: "s", nav: true},
  {name: "record", under: "activity"},
  {name: "flow", under: "flows"},
  {name: "setup", under: "connections"},
  {name: "users", shape: "people", under: "settings"},
  {name: "audit", shape: "book", under: "alerts"},
  {name: "hosts", shape: "hosts", key: "h", nav: true, shared: true},
  {name: "me", under: "settings"},
];
const ROLES = ["viewer", "operator", "admin"];

let session = null; // null: not known yet; {user: null}: nobody is logged in
let entry = null; // the module of log-in and claim
let here = null; // {row, module, state, stop, address, act}
let fault = null; // of the last order
let spoken = "";
let badge = 0; // what waits for a person
let warning = null; // the worst that the whole installation has
let menu = false;
let reloading = 0; // the timer of the next look
let anew = false; // that look is at the page too
let looked = 0; // when the last one began, or was over
const root = document.getElementById("app");

const can = (role) => ROLES.indexOf(session?.user?.role) >= ROLES.indexOf(role);

// ---- where one is ----

function where() {
  const text = location.hash.replace(/^#\/?/, "");
  const [path, query] = text.split("?");
  const [name, ...rest] = path.split("/").map(decodeURIComponent);
  return {name: name || "overview", rest: rest.join("/"), params: Object.fromEntries(new URLSearchParams(query || ""))};
}

async function mayLeave() {
  const words = here?.module?.leave?.(here.state);
  if (!words) return true;
  return await ask({title: t("ui.unsaved"), text: words, confirm: t("ui.leave"), cancel: t("ui.stay"), danger: true}) !== null;
}

let going = false; // an address that we put back ourselves

async function show() {
  if (going) {
    going = false;
    return;
  }
  if (!session?.user) return;
  const to = where(), row = PAGES.find((one) => one.name === to.name);
  const same = here && row && here.row === row && here.state.rest === to.rest;
  if (!same && here && !await mayLeave()) {
    going = true;
    location.hash = here.address;
    return;
  }
  menu = false;
  fault = same ? fault : null;
  if (same) {
    here.state.params = to.params;
    here.address = location.hash;
    await load(here);
    return;
  }
  here?.stop.abort();
  const first = !here;
  const mine = here = {row, module: null, address: location.hash, stop: new AbortController(),
    state: {params: to.params, rest: to.rest, data: undefined, error: null, loading: true, slow: false, asOf: null, own: {},
      get session() { return session; }, can}};
  mine.act = actOf(mine);
  draw();
  window.scrollTo(0, 0);
  const done = busy();
  try {
    if (row) {
      const module = (await import(`./pages/${row.name}.js`)).page;
      if (here !== mine) return;
      mine.module = module;
      mine.state.own = module.own ? module.own() : {};
    }
  } catch (error) {
    console.error(error);
    mine.state.error = new ApiError(0, live.state === "live" ? {code: "page.broken", text: error.message} : {code: "server.away"});
    mine.state.loading = false;
  } finally {
    done();
  }
  if (mine.module) await load(mine);
  else draw();
  if (!first && here === mine) document.querySelector("h1")?.focus({preventScroll: true});
}

async function load(mine) {
  const {state, module} = mine;
  if (module.role && !can(module.role)) {
    state.loading = false;
    draw();
    return;
  }
  const turn = mine.turn = (mine.turn || 0) + 1;
  state.loading = true;
  const late = setTimeout(() => {
    state.slow = true;
    draw();
  }, 200);
  const done = busy();
  try {
    const data = module.load ? await module.load({params: state.params, rest: state.rest, session, own: state.own,
      signal: mine.stop.signal}) : {};
    if (mine !== here || turn !== mine.turn) return;
    state.data = data;
    state.error = null;
    state.asOf = new Date();
  } catch (error) {
    if (error.name === "AbortError" || mine !== here || turn !== mine.turn) return;
    if (error.code === undefined) console.error(error);
    state.error = error.code === undefined ? new ApiError(0, {code: "page.broken", text: error.message}) : error;
  } finally {
    clearTimeout(late);
    done();
    if (mine === here && turn === mine.turn) {
      state.loading = state.slow = false;
      draw();
    }
  }
}

// ---- what a page may do ----

const reload = () => here?.act.reload();

const actOf = (mine) => ({
  reload: async () => (mine === here && mine.module ? load(mine) : undefined),
  go: (to) => {
    if (mine === here) location.hash = to;
  },
  set: (members) => {
    if (mine !== here) return undefined;
    const {rest, params} = mine.state;
    history.replaceState(null, "", link(mine.row.name + (rest ? "/" + rest : ""), {...params, ...members}));
    return show();
  },
  change: (fn) => {
    if (mine !== here) return;
    fn?.(mine.state.own);
    draw();
  },
  run: async (fn, {said, quiet = false} = {}) => {
    const done = busy();
    fault = null;
    draw();
    try {
      const value = await fn();
      if (said) say(typeof said === "function" ? said(value) : said);
      if (!quiet) await mine.act.reload();
      return value;
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      if (error.code === undefined) console.error(error);
      fault = error.code === undefined ? new ApiError(0, {code: "page.broken", text: error.message}) : error;
      return undefined;
    } finally {
      done();
      draw();
    }
  },
  say, ask, signal: mine.stop.signal,
});

const keyboard = {pages: PAGES, get here() { return here; }};

let silence = 0;
function say(text) {
  spoken = text;
  draw();
  clearTimeout(silence);
  silence = setTimeout(() => {
    spoken = "";
    draw();
  }, 8000);
}

async function ask(spec) {
  return (await import("./parts/dialog.js")).ask(spec);
}

// ---- what the whole installation has to say ----

const see = (to) => ({to, word: t("warning.see")});
const ALERTS = {"store.damaged": "store", "disk.low": "disk", "connection.login": "connection", "connection.down": "connection",
  "channel.failing": "channel"};

// The worst of what is wrong with the whole of it; null: nothing is.
function worst(status, alerts) {
  const open = Object.keys(ALERTS).map((rule) => alerts.find((one) => one.rule === rule && one.state === "open")).filter(Boolean);
  const first = open.find((one) => one.rule !== "channel.failing"), n = status.errors;
  if (status.safe) return {tone: "bad", title: t("warning.safe"), ...see(link("settings", {tab: "files"}))};
  if (first) {
    const kind = ALERTS[first.rule], name = first.subject || "";
    return {tone: "bad", title: t("warning." + kind, {name}), ...see(kind === "connection" && name ? link("connections/" + name) : "#/alerts")};
  }
  if (n) return {tone: "warn", title: t("warning.mistakes", {n}), ...see(link("settings", {tab: "files"}))};
  if (status.files.length) {
    return {tone: "info", title: t("warning.changed", {n: status.files.length, file: status.files[0].path}),
      ...see(link("settings", {tab: "files"}))};
  }
  return open.length ? {tone: "warn", title: t("warning.channel"), ...see("#/alerts")} : null;
}

async function lookAround() {
  try {
    const [status, {causes}, {alerts}] = await Promise.all([get("/config"), get("/causes"), get("/alerts")]);
    badge = causes.reduce((all, one) => all + one.parked, 0);
    warning = worst(status, alerts);
  } catch {
    return; // the page itself says what is wrong
  }
  draw();
}

const SOON = 400, REST = 2000; // milliseconds: what comes at once is looked at once; from one look to the next

function onEvent(name, body) {
  const module = here?.module, part = name.split(".")[0];
  module?.event?.(name, body, here.state, here.act);
  const only = ["flow", "run"].includes(part) && module?.flow?.(here.state); // not known where its first load failed
  const mine = name === "reset" || module?.events?.includes(part) && (!only || body.subject === only);
  if (!mine && !["flow", "run", "config", "cause", "alert"].includes(part)) return;
  anew = anew || mine;
  if (reloading) return;
  const rest = looked + REST - Date.now(), done = rest > SOON ? () => {} : busy();
  reloading = setTimeout(async () => {
    const all = anew;
    reloading = 0;
    anew = false;
    looked = Date.now();
    try {
      await Promise.all([lookAround(), all ? reload() : null]);
    } finally {
      looked = Date.now();
      done();
    }
  }, Math.max(SOON, rest));
}

// ---- drawing ----

function body() {
  const {row, module, state, act} = here;
  const again = () => (module ? load(here) : show());
  if (!row) {
    return empty({shape: "search", title: t("ui.no_page"), action: html`<a class="button" href="#/overview">${t("overview.title")}</a>`});
  }
  if (module?.role && !can(module.role)) return noRight(module.role);
  if (state.error && state.data === undefined) {
    if (state.error.code === "ask.denied") return noRight(state.error.facts.role || module.role || "operator");
    if (state.error.status === 410 || state.error.code === "erased") return gone(t("problem.erased"));
    return failed(state.error, {again});
  }
  if (state.data === undefined) return state.slow ? loading() : nothing;
  return html`${state.error ? failed(state.error, {again, asOf: state.asOf}) : nothing}${module.view(state, act)}`;
}

function navigation() {
  const now = here?.row?.under || here?.row?.name;
  return html`<nav class="side" id="menu" aria-label=${t("ui.pages")}>
    <ul>${PAGES.filter((one) => one.nav && (!one.shared || session.hosts)).map((one) => html`<li><a href="#/${one.name}"
      aria-current=${one.name === here?.row?.name ? "page" : one.name === now ? "true" : nothing}>${icon(one.shape)}
      <span>${t("nav." + one.name)}</span>${one.name === "errors" && badge ? html`<span class="badge"
        >${number(badge)}<span class="hidden"> ${t("ui.waiting")}</span></span>` : nothing}</a></li>`)}</ul>
  </nav>`;
}

const SIGN = {live: ["live", "dot"], paused: ["paused", "pause"], away: ["away", "cross"], off: ["quiet", "ring"]};

function sign() {
  const [tone, shape] = SIGN[live.state];
  const word = live.state === "away" && live.since ? t("live.away", {ago: ago(live.since)}) : t("live." + live.state);
  return html`<button type="button" class="sign ${tone}" aria-pressed=${live.paused ? "true" : "false"}
    title=${live.paused ? t("live.resume") : t("live.pause")} @click=${() => {
      pauseLive(!live.paused);
      if (!live.paused) reload();
      draw();
    }}>${icon(shape)}<span>${word}</span></button>`;
}

function theme() {
  const now = document.documentElement.dataset.theme || "auto";
  const next = {auto: "light", light: "dark", dark: "auto"}[now];
  return html`<button type="button" class="button quiet tool" title=${t("theme.now", {name: t("theme." + now)})}
    @click=${() => {
      setTheme(next, true);
      draw();
    }}>${icon("tone")}<span class="wide-only">${t("theme." + now)}</span></button>`;
}

function setTheme(name, keep) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  if (!keep) return;
  try {
    localStorage.setItem("koppel.theme", name);
  } catch { /* storage may be off */ }
}

export function languages() {
  return html`<label class="tool"><span class="hidden">${t("ui.language")}</span>
    <select class="small" @change=${async (event) => {
      await setLanguage(event.target.value, true);
      draw();
      reload();
    }}>${LANGUAGES.map((one) => html`<option value=${one} lang=${one} ?selected=${one === getLanguage()}>${t("language." + one)}</option>`)}
    </select></label>`;
}

function account() {
  return html`<details class="menu">
    <summary class="button quiet">${icon("user")}<span>${session.user.name}</span>${icon("down")}</summary>
    <div class="sheet"><p class="muted">${t("role." + session.user.role)}</p>
      <a href="#/me">${t("nav.me")}</a>${can("admin") ? html`<a href="#/users">${t("nav.users")}</a>
      <a href="#/audit">${t("nav.audit")}</a>` : nothing}
      ${button({label: t("session.out"), kind: "quiet", run: logOut})}</div></details>`;
}

function shell() {
  const {module, row} = here;
  const title = module ? module.heading?.(here.state) || t(module.title) : t(row ? "nav." + row.name : "ui.no_page");
  document.title = `${typeof title === "string" ? title : t(here.module.title)} · Koppel`;
  return html`<a class="skip" href="#main" @click=${(event) => {
      event.preventDefault();
      document.querySelector("h1").focus();
    }}>${t("ui.skip")}</a>
    <header class="top">
      <button type="button" class="button quiet menu-button" aria-expanded=${menu ? "true" : "false"} aria-controls="menu" @click=${() => {
        menu = !menu;
        draw();
      }}>${icon("menu")}<span>${t("ui.menu")}</span></button>
      <a class="brand" href="#/overview"><svg viewBox="0 0 32 32" aria-hidden="true"><circle cx="8" cy="16" r="5"/><circle cx="24" cy="16"
        r="5" class="fill"/><path d="M13 16h6"/></svg><span>${t("ui.koppel")}</span></a>
      <span class="gap"></span>
      ${sign()}${languages()}${theme()}
      <button type="button" class="button quiet tool" @click=${() => help(keyboard)} title=${t("ui.keys")}
        aria-keyshortcuts="?">${icon("help")}<span class="wide-only">${t("ui.help")}</span></button>
      ${account()}
    </header>
    <div class="frame ${menu ? "open" : ""}">${navigation()}
      <main id="main" aria-busy=${here.state.loading ? "true" : "false"}>
        ${warning ? banner({tone: warning.tone, title: warning.title,
          action: html`<a class="button" href=${warning.to}>${warning.word}</a>`}) : nothing}
        <div class="head"><h1 tabindex="-1">${title}</h1>
          <div class="actions">${here.module?.actions && here.state.data !== undefined
            ? here.module.actions(here.state, here.act) : nothing}</div></div>
        ${fault ? banner({tone: "bad", title: errorTitle(fault), text: errorBody(fault), alert: true,
          action: button({label: t("ui.close"), kind: "quiet", run: () => {
            fault = null;
            draw();
          }})}) : nothing}
        ${body()}
      </main>
    </div>
    <div class="toast" role="status" aria-live="polite">${spoken ? html`<p>${spoken}</p>` : nothing}</div>`;
}

function draw() {
  if (!session) return;
  if (!session.user) render(entry ? entry.view({session, draw, enter, languages}) : nothing, root);
  else if (here) render(shell(), root);
}

// ---- session ----

async function enter() {
  try {
    session = await get("/session");
    setCsrf(session.csrf);
  } catch (error) {
    if (error.status !== 401) {
      render(html`<main class="entry">${failed(error, {again: enter})}</main>`, root);
      return;
    }
    session = {user: null, claim: !!error.problem.claim};
  }
  if (!session.user) {
    deafen();
    here?.stop.abort();
    here = null;
    entry = entry || await import("./entry.js");
    entry.begin(session);
    draw();
    return;
  }
  if (session.claim || /^#(claim|invite)=/.test(location.hash)) history.replaceState(null, "", "#/overview");
  listen(onEvent, draw);
  lookAround();
  await show();
}

async function logOut() {
  await here.act.run(() => send("DELETE", "/session"), {quiet: true});
  location.hash = "#/overview";
  here = null;
  await enter();
}

onLost(() => {
  if (session?.user) enter();
});
onProve(async () => {
  const {field} = await import("./parts/form.js");
  return await ask({title: t("session.prove"), text: t("session.prove_text"), own: {password: ""},
    body: (own) => field({name: "prove", type: "password", label: t("entry.password"), auto: "current-password", value: own.password,
      set: (text) => {
        own.password = text;
      }}),
    run: (own) => send("POST", "/session/prove", {password: own.password})}) !== null;
});
addEventListener("hashchange", show);
addEventListener("keydown", (event) => session?.user && onKey(event, keyboard));
addEventListener("beforeunload", (event) => {
  if (here?.module?.leave?.(here.state)) event.preventDefault();
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.menu[open]")) {
    if (!open.contains(event.target) || event.target.closest(".sheet a, .sheet button")) open.open = false;
  }
});
setInterval(() => {
  if (live.state === "away" && !document.hidden) draw();
}, 10000);

const done = busy();
try {
  try {
    setTheme(localStorage.getItem("koppel.theme") || "auto");
  } catch { /* storage may be off */ }
  await setLanguage(wished());
  await enter();
} finally {
  done();
}
