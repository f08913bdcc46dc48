// SPDX-License-Identifier: MIT
// The stream of what happens, one for each tab that is looked at: a hidden one gives its connection back.
import {taskMoved} from "./api.js";

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
  if (name === "task") taskMoved(body.task ?? body.subject);
  told(name, body);
}

function open() {
  if (source || !wanted || live.paused || document.hidden) return;
  source = new EventSource("/api/v1/events"); // one that breaks is opened again by the browser, where it stood
  source.onopen = () => turn("live");
  source.onerror = () => turn("away");
  for (const name of NAMES) source.addEventListener(name, (event) => take(name, event));
}

function close() {
  source?.close();
  source = null;
}

// onEvent(name, body); onChange(): the sign must be drawn anew.
export function start(onEvent, onChange) {
  told = onEvent;
  changed = onChange;
  wanted = true;
  open();
}

export function stop() {
  wanted = false;
  close();
  live.state = "off";
}

export function pause(on) {
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
