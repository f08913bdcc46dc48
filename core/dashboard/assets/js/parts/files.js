// SPDX-License-Identifier: MIT
// The files of the configuration: listed, read, checked while they are typed, saved; and its versions.
import {html, nothing, table, button, banner, mark, link, errorTitle} from "../ui.js";
import {t, bytes, when} from "../i18n.js";
import {get, send, path, busy} from "../api.js";
import {field, choice} from "./form.js";
import {allDiffs, conflict, copy, diff, errorsOf, locked, mistakes, showDiff} from "./saving.js";

const SOON = 350;
let waiting = null;

const dirty = (own) => !!own.edit && own.edit.text !== own.edit.base;

// ---- an edit ---- edit: {file, text, base, digest, plan}

function begin(now) {
  const {shown} = now.data;
  if (!shown || now.own.edit?.file === shown.file) return;
  now.own.edit = {file: shown.file, text: shown.text, base: shown.base ?? shown.text, digest: shown.digest, plan: null, conflict: null};
}

// A file that is not there yet, with the text of another one or none.
async function fresh(file, copy_of, how) {
  const text = copy_of ? (await get(path`/files/${copy_of}`, {}, how)).text : "";
  return {file, text, base: "", digest: "", writable: true, mistakes: [], change: null};
}

function make(now, act) {
  return act.ask({title: t("settings.new_file"), confirm: t("settings.new_make"), own: {name: "", from: ""},
    check: (own) => (/^(connections\.d|flows\.d|mappings|tables)\/.+\.(conf|csv|json)$|^alerts\.conf$/.test(own.name)
      ? "" : t("settings.new_name")),
    body: (own, change) => html`<div class="fields">
      ${field({name: "new-name", label: t("settings.file"), help: t("settings.new_help"), required: true, value: own.name,
        set: (name) => change(() => {
        own.name = name.trim();
      })})}
      ${choice({name: "new-from", label: t("settings.new_from"), none: t("settings.new_empty"), value: own.from,
        set: (from) => change(() => {
        own.from = from;
      }), choices: now.data.list.filter((row) => row.change !== "removed").map((row) => ({value: row.file}))})}</div>`,
    run: (own) => act.go(link("settings", {tab: "files", file: own.name, copy: own.from || "-"}))});
}

async function check(now, act) {
  const {edit} = now.own;
  const plan = await send("POST", path`/files/${edit.file}/check`, {text: edit.text, base: edit.base}).catch((error) => ({error,
    mistakes: [], files: []}));
  act.change(() => {
    edit.plan = plan;
  });
  return plan;
}

function checkSoon(now, act) {
  const done = busy();
  clearTimeout(waiting?.timer);
  waiting?.done();
  waiting = {done, timer: setTimeout(async () => {
    waiting = null;
    await check(now, act);
    done();
  }, SOON)};
}

function typed(now, act, text) {
  act.change((own) => {
    own.edit.text = text;
    own.edit.plan = null;
  });
  checkSoon(now, act);
}

function drop(now, act) {
  act.change((own) => {
    own.edit = null;
  });
  return act.reload();
}

// Somebody was quicker: both differences.
async function meet(now, act) {
  const plan = await check(now, act);
  act.change((own) => {
    own.edit.conflict = {...plan, fails: ""};
  });
}

async function keepMine(now, act) {
  const there = await get(path`/files/${now.own.edit.file}`);
  act.change((own) => {
    Object.assign(own.edit, {digest: there.digest, base: there.text, conflict: null});
  });
  await check(now, act);
}

async function save(now, act) {
  const {edit} = now.own;
  let moved = false;
  const answer = await act.ask({title: t("save.title", {version: (now.data.revision || 0) + 1}), wide: true, own: {why: ""},
    confirm: t("save.confirm", {version: (now.data.revision || 0) + 1}),
    body: (own, change) => html`${diff(allDiffs(edit.plan), t("save.difference"))}
      ${field({name: "why", label: t("save.why"), help: t("save.why_help"), value: own.why, set: (why) => change(() => {
        own.why = why;
      })})}`,
    run: async (own) => {
      try {
        return await send("PUT", path`/files/${edit.file}`, {text: edit.text, digest: edit.digest, ...(own.why ? {why: own.why} : {})});
      } catch (error) {
        if (error.code !== "config.changed") throw error;
        moved = true;
        return {};
      }
    }});
  if (moved) {
    await meet(now, act);
    return;
  }
  if (!answer) return;
  if (!answer.saved) {
    act.change((own) => {
      own.edit.plan = answer;
    });
    return;
  }
  act.say(t("save.saved", {version: answer.revision ?? ""}));
  act.change((own) => {
    own.edit = null;
  });
  if (now.params.copy) act.go(link("settings", {tab: "files", file: edit.file}));
  else await act.reload();
}

// ---- drawing an edit ----

function lineTo(now, n) {
  const area = document.getElementById("file-text"), lines = now.own.edit.text.split("\n");
  const from = lines.slice(0, n - 1).reduce((all, one) => all + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(from, from + (lines[n - 1] || "").length);
}

function verdict(now, edit, plan) {
  if (!plan) return dirty(now.own) ? html`<p class="muted" role="status">${t("save.checking")}</p>` : nothing;
  if (plan.error) return banner({tone: "bad", title: errorTitle(plan.error), text: html`<span lang="en">${plan.error.text}</span>`,
    alert: true});
  const wrong = errorsOf(plan), here = wrong.filter((one) => one.file?.endsWith("/" + edit.file) && one.line);
  return html`<p role="status">${wrong.length ? mark("error", t("save.mistakes", {n: wrong.length})) : mark("done", t("save.sound"))}</p>
    ${mistakes(plan.mistakes)}
    ${here.length ? html`<div class="actions">${here.slice(0, 5).map((one) => button({label: t("settings.line", {n: one.line}),
      kind: "small",
      run: () => lineTo(now, one.line)}))}</div>` : nothing}`;
}

function editor(now, act) {
  const {edit} = now.own, {shown} = now.data, may = now.can("admin");
  if (!edit || edit.file !== shown.file) return nothing;
  const lines = edit.text.split("\n").length, changed = dirty(now.own), plan = edit.plan || (changed ? null : {mistakes: shown.mistakes,
    files: []});
  const sound = edit.plan && !edit.plan.error && !errorsOf(edit.plan).length;
  const moved = !edit.conflict && shown.digest !== edit.digest && changed;
  return html`<div class="head"><h2>${edit.file}</h2><a class="button" href=${link("settings",
    {tab: "files"})} data-back>${t("settings.all_files")}</a></div>
    ${shown.writable ? nothing : locked({refused: shown.why, file: edit.file})}
    ${shown.text.includes('"(hidden ') ? html`<p class="muted">${t("settings.hidden")}</p>` : nothing}
    ${moved ? banner({tone: "warn", title: t("save.moved"), text: t("save.moved_soon"), action: button({label: t("save.see_both"),
      run: () => meet(now, act)})}) : nothing}
    ${edit.conflict ? conflict({own: edit, mine: allDiffs(edit.conflict), theirs: edit.conflict.theirs, keep: () => keepMine(now, act),
      discard: () => drop(now, act)}) : nothing}
    <div class="editor"><pre class="lines" aria-hidden="true">${Array.from({length: lines}, (_, i) => i + 1).join("\n")}</pre>
      <label class="hidden" for="file-text">${t("settings.text_of", {file: edit.file})}</label>
      <textarea id="file-text" class="code" wrap="off" spellcheck="false" autocapitalize="off"
        rows=${lines + 1} ?readonly=${!may} .value=${edit.text}
        @input=${(event) => typed(now, act, event.target.value)} @keydown=${(event) => {
          if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            if (sound && changed && shown.writable) save(now, act);
          }
        }}></textarea></div>
    ${verdict(now, edit, plan)}
    <div class="actions">
      ${shown.writable ? button({label: t("settings.save_file"), kind: "main", key: "Control+S", disabled: !changed || !sound
        || !!edit.conflict, run: () => save(now, act)})
        : button({label: t("save.patch"), kind: "main", disabled: !changed || !edit.plan || !!edit.plan.error,
          run: () => showDiff(allDiffs(edit.plan), act, t("save.patch_title"))})}
      ${button({label: t("save.see"), disabled: !changed || !edit.plan, run: () => showDiff(allDiffs(edit.plan), act,
        t("save.difference"))})}
      ${changed ? button({label: t("save.discard"), run: () => drop(now, act)}) : nothing}</div>`;
}

// ---- what is on the disk ----

async function activate(act) {
  const answer = await act.run(() => send("POST", "/reload"));
  if (answer) act.say(answer.active ? t("settings.activated") : t("settings.not_active"));
}

function onDisk(now, act) {
  const {status} = now.data;
  if (!status.files.length && !status.errors) return nothing;
  const text = status.files.map((one) => one.diff).join("");
  return html`<section>${banner({tone: status.errors ? "bad" : "info", title: t("settings.changed", {n: status.files.length}),
    text: status.errors ? t("settings.changed_bad") : t("settings.changed_good"), action: html`
      ${text ? button({label: t("save.see"), run: () => showDiff(text, act, t("save.difference"))}) : nothing}
      ${now.can("admin") ? button({label: t("settings.activate"), kind: "main", disabled: status.errors > 0, run: () => activate(act)})
        : nothing}`})}
    ${mistakes(status.mistakes)}</section>`;
}

function list(now, act) {
  const rows = now.data.list;
  return html`<section>${table({name: "files", caption: t("settings.files"), rows, key: (row) => row.file,
    href: (row) => (now.can("admin") && row.change !== "removed" ? link("settings", {tab: "files", file: row.file}) : null), columns: [
      {name: "file", title: t("settings.file"), kind: "main", cell: (row) => row.file},
      {name: "rights", title: t("settings.rights"), cell: (row) => (row.writable ? mark("done", t("settings.writable")) : mark("off",
        t("settings.read_only")))},
      {name: "change", title: t("settings.on_disk"), cell: (row) => (row.change ? mark("warning", t("settings.d_" + row.change))
        : nothing)},
      {name: "bytes", title: t("settings.size"), kind: "num", cell: (row) => bytes(row.bytes)},
    ]})}${now.can("admin") ? html`<div class="actions">${button({label: t("settings.new_file"), run: () => make(now,
      act)})}</div>` : html`<p class="muted">${t("settings.no_right")}</p>`}</section>`;
}

// ---- versions ----

async function see(now, act, row) {
  const all = now.data.revisions, before = all.find((one) => one.revision < row.revision);
  const out = before ? await act.run(() => get(path`/config/revisions/${before.revision}/diff`, {to: row.revision}), {quiet: true})
    : {files: []};
  if (!out) return;
  const text = out.files.map((one) => one.diff).join("");
  if (text) await showDiff(text, act, t("versions.difference", {n: row.revision}));
  else await act.ask({title: t("versions.difference", {n: row.revision}), text: t("versions.first"), confirm: null});
}

async function back(act, row) {
  await act.ask({title: t("versions.back_title", {n: row.revision}), text: t("versions.back_text"), confirm: t("versions.back_do",
    {n: row.revision}), danger: true,
    own: {why: ""}, check: (own) => (own.why.trim() ? "" : t("versions.need_why")),
    body: (own, change) => field({name: "why", label: t("save.why"), required: true, value: own.why, set: (why) => change(() => {
      own.why = why;
    })}),
    run: async (own) => {
      const out = await send("POST", path`/config/revisions/${row.revision}/rollback`, {why: own.why});
      act.say(out.saved ? t("versions.was_back", {n: row.revision}) : t("versions.not_back"));
      await act.reload();
    }});
}

const small = (key, row, run) => html`<button type="button" class="button quiet small" aria-label=${t(key) + " " + row.revision}
  @click=${run}>${t(key)}</button>`;

function versions(now, act) {
  const {revisions: rows, revision: active} = now.data;
  if (!rows.length) return nothing;
  return html`<section><h2>${t("flow.tab_versions")}</h2>${table({name: "versions", caption: t("flow.tab_versions"), rows,
    key: (row) => row.revision, columns: [
    {name: "n", title: t("versions.version"), kind: "main", cell: (row) => String(row.revision)},
    {name: "at", title: t("versions.at"), cell: (row) => when(new Date(row.at))},
    {name: "who", title: t("versions.who"), cell: (row) => `${row.who} (${t("versions.how_" + row.how)})`},
    {name: "what", title: t("settings.what"), kind: "wide",
      cell: (row) => html`${row.changes?.length ? row.changes.map((one) => one.path).slice(0, 4).join(", ")
      : row.changes ? nothing : t("settings.nth_files", {n: row.count})}${row.why
        ? html`<small class="muted">${row.why}</small>` : nothing}`},
    {name: "now", title: t("versions.active"), cell: (row) => (row.revision === active ? mark("done", t("versions.now")) : nothing)},
    {name: "do", title: t("save.see"), cell: (row) => (now.can("admin") ? html`<span class="actions">
      ${small("versions.see", row, () => see(now, act, row))}
      ${row.revision === active ? nothing : small("versions.back", row, () => back(act, row))}</span>` : nothing)},
  ]})}${rows.length >= 20 ? html`<div class="actions"><a class="button" href=${link("settings", {tab: "files",
    before: rows[rows.length - 1].revision})}>${t("settings.older")}</a></div>`
    : nothing}</section>`;
}

export const files = {
  role: "viewer",
  own: () => ({edit: null}),

  async load({params, session, own, signal}) {
    const how = {signal}, wanted = session.user.role === "admin" ? params.file : null;
    const [{files: rows}, status, log, shown] = await Promise.all([
      get("/files", {}, how), get("/config", {}, how), get("/config/revisions", {limit: 20, before: params.before}, how),
      !wanted ? null : params.copy ? fresh(wanted, params.copy === "-" ? "" : params.copy, how) : get(path`/files/${wanted}`, {}, how),
    ]);
    if (own.edit && own.edit.file !== params.file) own.edit = null;
    const deep = (row) => (row.file.includes("/") ? 1 : 0);
    rows.sort((a, b) => deep(a) - deep(b) || a.file.localeCompare(b.file));
    const data = {list: rows, status, revisions: log.revisions, shown, revision: status.revision?.revision ?? null};
    begin({data, own});
    if (shown && own.edit && !params.copy && !dirty(own) && !own.edit.conflict) {
      Object.assign(own.edit, {text: shown.text, base: shown.text, digest: shown.digest});
    }
    return data;
  },

  view(now, act) {
    return now.data.shown ? html`<section>${editor(now, act)}</section>` : html`${onDisk(now, act)}${list(now, act)}${versions(now,
      act)}`;
  },

  leave({own}) {
    return dirty(own) ? t("save.unsaved", {n: 1}) : "";
  },
};
