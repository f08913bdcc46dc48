// SPDX-License-Identifier: MIT
// Words, numbers, amounts and times in the language of whoever looks.
//
//   t("errors.retry", {n: 41})      text of a key with its facts put in. A text with the forms
//                                   {"one": ..., "other": ...} is chosen by the fact n
//   known("reason.map.unmapped")    is there such a key?
//   money("12.00", "EUR")           an exact decimal text, never a number
//   number(1204) · decimal("0.10")  · bytes(4096)
//   when(iso) 26 Nov 2026, 14:02 · time(iso) 14:02:11 · date(iso) · ago(iso) "3 minutes ago" · span(ms) "3 min"

export const LANGUAGES = ["en", "de", "nl"];

let language = "en";
let texts = {};
const makers = new Map();

function maker(Kind, options) {
  const key = Kind.name + language + JSON.stringify(options);
  if (!makers.has(key)) makers.set(key, new Kind(language, options));
  return makers.get(key);
}

// Which of ours somebody wants: the wish that was stored, else the browser's.
export function wished() {
  let stored = null;
  try {
    stored = localStorage.getItem("koppel.language");
  } catch { /* storage may be off */ }
  const wishes = [stored, ...(navigator.languages || [])].filter(Boolean).map((one) => one.slice(0, 2));
  return wishes.find((one) => LANGUAGES.includes(one)) || "en";
}

export async function setLanguage(name, keep = false) {
  const answer = await fetch(new URL(`../lang/${name}.json`, import.meta.url));
  texts = await answer.json();
  language = name;
  document.documentElement.lang = name;
  if (keep) {
    try {
      localStorage.setItem("koppel.language", name);
    } catch { /* storage may be off */ }
  }
}

export function getLanguage() {
  return language;
}

export function known(key) {
  return Object.hasOwn(texts, key);
}

export function t(key, facts = {}) {
  let text = texts[key];
  if (text === undefined) return key;
  if (typeof text === "object") {
    const form = maker(Intl.PluralRules, {}).select(Number(facts.n || 0));
    text = text[form] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (all, name) => {
    const value = facts[name];
    if (value === undefined || value === null) return "";
    return typeof value === "number" ? number(value) : String(value);
  });
}

export function number(value) {
  return value === null || value === undefined ? "" : maker(Intl.NumberFormat, {}).format(value);
}

function places(text) {
  const dot = text.indexOf(".");
  return dot < 0 ? 0 : text.length - dot - 1;
}

// The text has its decimals and keeps them.
export function decimal(text) {
  if (text === null || text === undefined || text === "") return "";
  const n = Math.min(places(String(text)), 20);
  return maker(Intl.NumberFormat, {minimumFractionDigits: n, maximumFractionDigits: n}).format(String(text));
}

export function money(text, currency) {
  if (text === null || text === undefined || text === "") return "";
  if (!/^-?\d+(\.\d+)?$/.test(text)) return String(text);
  if (!/^[A-Z]{3}$/.test(currency || "")) return decimal(text);
  const options = {style: "currency", currency};
  const usual = maker(Intl.NumberFormat, options).resolvedOptions().maximumFractionDigits;
  const n = Math.max(usual, Math.min(places(text), 20));
  return maker(Intl.NumberFormat, {...options, minimumFractionDigits: n, maximumFractionDigits: n}).format(text);
}

export function bytes(value) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let step = 0;
  for (; value >= 1000 && step < units.length - 1; step++) value /= 1000;
  return maker(Intl.NumberFormat, {style: "unit", unit: units[step], unitDisplay: "short",
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0}).format(value);
}

function moment(value) {
  if (value === null || value === undefined || value === "") return null;
  const found = value instanceof Date ? value : new Date(value);
  return isNaN(found) ? null : found;
}

function formatted(value, options) {
  const found = moment(value);
  return found ? maker(Intl.DateTimeFormat, options).format(found) : "";
}

export function when(value) {
  return formatted(value, {day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit"});
}

export function date(value) {
  return formatted(value, {day: "numeric", month: "short", year: "numeric"});
}

export function time(value) {
  return formatted(value, {hour: "2-digit", minute: "2-digit", second: "2-digit"});
}

// Today the time alone, else the day too.
export function clock(value) {
  const found = moment(value);
  if (!found) return "";
  return found.toDateString() === new Date().toDateString() ? time(found)
    : formatted(found, {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"});
}

const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function step(seconds) {
  return STEPS.find(([, size]) => seconds >= size) || STEPS[STEPS.length - 1];
}

export function ago(value) {
  const found = moment(value);
  if (!found) return "";
  const seconds = Math.round((found - Date.now()) / 1000);
  const [unit, size] = step(Math.abs(seconds));
  return maker(Intl.RelativeTimeFormat, {numeric: "auto"}).format(Math.trunc(seconds / size), unit);
}

export function span(ms) {
  if (ms === null || ms === undefined) return "";
  if (ms < 1000) return maker(Intl.NumberFormat, {style: "unit", unit: "millisecond"}).format(Math.round(ms));
  const [unit, size] = step(ms / 1000);
  return maker(Intl.NumberFormat, {style: "unit", unit, unitDisplay: "short"}).format(Math.round(ms / 1000 / size));
}
