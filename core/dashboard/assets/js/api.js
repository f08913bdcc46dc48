// SPDX-License-Identifier: MIT
// The server: questions, orders, what went wrong, and whether something is under way.
//
//   await get(path`/jobs/${job}`, {limit: 50})       a question; members of the query that are null or "" are left out
//   await send("POST", "/jobs/retry", {cause})       an order; answers its result
//   await send("POST", "/reconcile", body, {onProgress, signal})
//                                                    one that takes long: the same; onProgress({done, of}) meanwhile
// Both throw ApiError. While something is under way <html> has the attribute data-busy.

const ROOT = "/api/v1";

let csrf = "";
let running = 0;
let lost = () => {};
let prove = async () => false;
const waiting = new Map(); // number of a task -> who is to look at it now

export class ApiError extends Error {
  // status 0: the server did not answer. text is English, as the command line says it.
  constructor(status, problem) {
    super(problem.text || problem.title || problem.code || String(status));
    this.status = status;
    this.code = problem.code || "http." + status;
    this.title = problem.title || "";
    this.text = problem.text || problem.detail || problem.title || "";
    this.facts = problem.facts || {};
    this.mistakes = problem.mistakes || [];
    this.remedy = problem.remedy || "";
    this.request = problem.request || "";
    this.problem = problem;
  }
}

// An address of parts: what is put in is one part of it, whatever it holds.
export function path(texts, ...values) {
  return texts.reduce((all, text, i) => all + text + (i < values.length ? encodeURIComponent(values[i]) : ""), "");
}

// Counts what is under way: busy() says when it is over. Whoever awaits it draws before the sign goes. data-calm counts
// how often nothing was, as a page that shows what happens is never still for long.
export function busy() {
  running++;
  document.documentElement.dataset.busy = "";
  let over = false;
  return () => {
    if (over) return;
    over = true;
    setTimeout(() => {
      if (--running > 0) return;
      const root = document.documentElement;
      delete root.dataset.busy;
      root.dataset.calm = Number(root.dataset.calm || 0) + 1;
    });
  };
}

// what: called where the server does not know the session any more.
export function onLost(what) {
  lost = what;
}

// what: asks for the password and proves it by POST /session/prove; answers whether that was done.
export function onProve(what) {
  prove = what;
}

export function setCsrf(text) {
  csrf = text || "";
  tagged.clear(); // of somebody else
}

function query(members) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(members || {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") pairs.append(name, one === true ? "true" : one);
    }
  }
  const text = pairs.toString();
  return text ? "?" + text : "";
}

// The last answers that had a tag: who asks again is told that it is the same, and not told it again. In memory alone.
const TAGGED = 24;
const tagged = new Map(); // address -> {tag, text}

function keep(where, tag, text) {
  tagged.delete(where);
  if (!tag) return;
  tagged.set(where, {tag, text});
  if (tagged.size > TAGGED) tagged.delete(tagged.keys().next().value);
}

async function ask(method, where, body, signal) {
  const headers = {Accept: "application/json"};
  const had = method === "GET" ? tagged.get(where) : undefined;
  if (had) headers["If-None-Match"] = had.tag;
  if (method !== "GET") headers["X-Koppel-CSRF"] = csrf;
  if (body !== undefined || method !== "GET") headers["Content-Type"] = "application/json";
  let answer, text;
  const done = busy();
  try {
    answer = await fetch(ROOT + where, {
      method, headers, signal, credentials: "same-origin", cache: "no-store",
      body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
    });
    text = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, {code: "server.away"});
  } finally {
    done();
  }
  if (had && answer.status === 304) {
    keep(where, had.tag, had.text);
    return {status: 200, value: JSON.parse(had.text)};
  }
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    value = null;
  }
  if (method === "GET") keep(where, answer.ok ? answer.headers.get("ETag") : "", text);
  if (answer.ok) return {status: answer.status, value};
  const problem = new ApiError(answer.status, value && typeof value === "object" ? value : {text: text.slice(0, 300)});
  if (problem.code === "session.none" && where !== "/session") lost(problem);
  throw problem;
}

// A task until it is over; looked at when the stream tells of it, else every second.
async function follow(task, {onProgress, signal} = {}) {
  for (;;) {
    const {value} = await ask("GET", path`/tasks/${task}`, undefined, signal);
    if (onProgress) onProgress(value.progress || {}, value);
    if (value.state === "failed") throw new ApiError(value.error?.status || 422, value.error || {});
    if (value.state === "cancelled") throw new ApiError(499, {code: "task.cancelled"});
    if (value.state !== "running") return value.out;
    await new Promise((go) => {
      waiting.set(Number(task), go);
      setTimeout(go, 1000);
    });
    waiting.delete(Number(task));
  }
}

export async function get(where, members, {signal} = {}) {
  return (await ask("GET", where + query(members), undefined, signal)).value;
}

export async function send(method, where, body, options = {}) {
  let found;
  try {
    found = await ask(method, where, body, options.signal);
  } catch (error) {
    // what weighs much needs the password again where it was typed long ago
    if (error.code !== "session.prove" || !await prove()) throw error;
    found = await ask(method, where, body, options.signal);
  }
  const {status, value} = found;
  if (status !== 202 || !value || value.task === undefined) return value;
  if (options.onTask) options.onTask(value.task);
  return follow(value.task, options);
}

// A file that the server makes: the browser asks for it itself and saves it.
export function address(where, members) {
  return ROOT + where + query(members);
}

// ---- the stream of what happens, one for each tab that is looked at: a hidden one gives its connection back ----

const NAMES = ["hello", "reset", "flow", "run.begun", "run.ended", "flow.paused", "flow.resumed", "connection.down",
  "connection.up", "connection.login", "config.active", "config.rejected", "config.revision", "alert", "task", "cause",
  "batch", "session", "engine.stopping"];

let source = null;
let told = () => {};
let changed = () => {};
let wanted = false;
export const live = {state: "off", paused: false, since: null}; // state: off, live, paused, away

function turn(state) {
  if (live.state === state) return;
  live.state = state;
  live.since = new Date();
  changed();
}

function take(name, event) {
  let body = {};
  try {
    body = JSON.parse(event.data);
  } catch { /* none */ }
  turn("live");
  if (name === "task") waiting.get(Number(body.task ?? body.subject))?.();
  told(name, body);
}

function open() {
  if (source || !wanted || live.paused || document.hidden) return;
  source = new EventSource("/api/v1/events"); // one that breaks is opened again by the browser, where it stood
  source.onopen = () => turn("live");
  source.onerror = () => {
    turn("away");
    if (source?.readyState === EventSource.CLOSED) refused();
  };
  for (const name of NAMES) source.addEventListener(name, (event) => take(name, event));
}

function close() {
  source?.close();
  source = null;
}

// The server does not want the stream: the session has ended, which the question tells the shell, or there are too many.
async function refused() {
  close();
  try {
    await get("/tasks");
  } catch { /* told */ }
  setTimeout(open, 3000);
}

// onEvent(name, body); onChange(): the sign must be drawn anew.
export function listen(onEvent, onChange) {
  told = onEvent;
  changed = onChange;
  wanted = true;
  open();
}

export function deafen() {
  wanted = false;
  close();
  live.state = "off";
}

export function pauseLive(on) {
  live.paused = on;
  close();
  if (on) turn("paused");
  else {
    turn("off");
    open();
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) close();
  else if (wanted && !live.paused) {
    open();
    told("reset", {}); // what happened meanwhile was not heard
  }
});
