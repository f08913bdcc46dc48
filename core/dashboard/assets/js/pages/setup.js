// SPDX-License-Identifier: MIT
// The set-up: draws the steps that the server gives, and hands the answers back. What is asked, proposed and written is
// the server's; nothing here knows a system.
import {html, nothing, mark, button, banner, table, icon} from "../ui.js";
import {t, getLanguage, money} from "../i18n.js";
import {get, send, path} from "../api.js";
import {area} from "../parts/form.js";
import {question, isAsked, valueOf} from "../parts/question.js";
import {begun, came, passed, told, stepsOf} from "../parts/login.js";
import "../parts/combobox.js";

const lang = () => ({lang: getLanguage()});

// ---- going on ----

// Another step is shown; what was typed at the one before is gone.
function turn(own, step) {
  own.step = step;
  own.answers = {};
  own.dirty = false;
  requestAnimationFrame(() => document.getElementById("step")?.focus());
}

async function order(act, own, what) {
  own.sending = true;
  const next = await act.run(what, {quiet: true});
  act.change((now) => {
    now.sending = false;
    if (next) turn(now, next);
  });
}

const put = (setup, step, answers) => send("POST", path`/setup/${setup}`, {...lang(), step, answers});

const answer = (act, own, answers) => order(act, own, async () => {
  const found = await passed(await put(own.step.setup, own.step.step, answers));
  own.told = {bad: "", good: found.word};
  return found.step;
});

const back = (act, own, step) => order(act, own, () => {
  own.told = {bad: "", good: ""};
  return get(path`/setup/${own.step.setup}`, {...lang(), step: step || own.step.before});
});

const save = (act, own) => order(act, own, () => send("POST", path`/setup/${own.step.setup}/save`, lang()));

// The browser leaves for the other system, and comes back to #/setup/back.
async function leaveFor(act, own) {
  const next = await act.run(() => send("POST", path`/setup/${own.step.setup}`, {...lang(), step: own.step.step,
    answers: {redirect: location.origin + "/oauth/callback"}}), {quiet: true});
  if (!next?.login?.url) {
    if (next) act.change((now) => turn(now, next));
    return;
  }
  begun({setup: next.setup, step: next.step, state: next.login.state});
  own.dirty = false;
  location.assign(next.login.url);
}

// ---- steps ----

function set(act, own, name, value) {
  act.change((now) => {
    now.answers[name] = value;
    now.dirty = true;
  });
}

function form(own, act) {
  return html`<div class="fields">${own.step.questions.filter((one) => isAsked(one, own.step.questions, own.answers)).map((one) =>
    question(one, {value: valueOf(one, own.answers), set: (value) => set(act, own, one.name, value)}))}</div>`;
}

function rows(own, act) {
  const {step} = own, choices = step.choices;
  const clear = {value: "", title: t("setup.leave_empty")};
  return table({name: "setup", caption: step.title, rows: step.questions, key: (one) => one.name, columns: [
    {name: "key", title: t("setup.value"), kind: "main", cell: (one) => one.title},
    {name: "becomes", title: t("setup.becomes"), kind: "wide", cell: (one) => {
      const value = valueOf(one, own.answers) ?? "";
      const label = t("setup.becomes_of", {name: one.title});
      if (!choices) {
        return html`<input type="text" aria-label=${label} .value=${value}
          @input=${(event) => set(act, own, one.name, event.target.value)}>`;
      }
      return html`<koppel-combobox .name=${"row-" + one.name} .label=${label} .hidden_label=${true} .choices=${[clear, ...choices]}
        .value=${value} @choose=${(event) => set(act, own, one.name, event.detail)}></koppel-combobox>`;
    }},
    {name: "because", title: t("setup.because"), cell: (one) => (valueOf(one, own.answers) ? own.answers[one.name] === undefined
      ? one.because || nothing : t("setup.yours") : mark("waiting", t("setup.empty")))},
  ]});
}

function matrix(own, act) {
  const {questions} = own.step;
  const now = (name) => {
    const one = questions.find((each) => each.name === name);
    return one ? valueOf(one, own.answers) : "none";
  };
  return html`<div class="fields">${questions.map((one) => {
    const against = now(one.name) === "none" ? [] : (one.excludes || []).filter((name) => now(name) !== "none");
    const error = against.length ? t("setup.against", {name: against.map((name) => questions.find((each) => each.name === name).title)
      .join(", ")}) : undefined;
    return question(error && !one.errors ? {...one, errors: [error]} : one,
      {value: now(one.name), set: (value) => set(act, own, one.name, value)});
  })}</div>`;
}

function logIn(own, act) {
  const {login, questions} = own.step;
  if (login.in) return html`<p>${mark("in")}</p>`;
  const pasting = own.pasting || login.url;
  return html`<div class="fields">
    <p>${button({label: t("setup.log_in"), kind: "main", shape: "out", run: () => leaveFor(act, own)})}</p>
    <p>${t("setup.callback")} <code>${location.origin + "/oauth/callback"}</code></p>
    ${pasting ? nothing : html`<p>${button({label: t("setup.elsewhere"), kind: "quiet", run: () => act.run(() => send("POST",
      path`/setup/${own.step.setup}`, {...lang(), step: own.step.step, answers: {paste: true}}), {quiet: true}).then((next) =>
      next && act.change((now) => {
        turn(now, next);
        now.pasting = true;
      }))})}</p>`}
    ${login.url ? html`<p><a href=${login.url} target="_blank" rel="noopener noreferrer">${t("setup.open")}</a></p>` : nothing}
    ${pasting || questions[0].errors ? question(questions[0], {value: valueOf(questions[0], own.answers),
      set: (value) => set(act, own, "answer", value)}) : nothing}
  </div>`;
}

function tested(own, act) {
  const {step} = own;
  return html`${stepsOf(step.test.steps)}
    <div class="actions">${button({label: t("setup.again"), shape: "again",
      run: () => order(act, own, () => put(step.setup, step.step, {again: true}))})}
    ${step.test.outcome === "failed" ? button({label: t("setup.mend"), kind: "main", run: () => back(act, own, step.fix)})
      : nothing}</div>`;
}

const LOOKS = {"would be created": "done", "would be changed": "done", "would be removed": "done", "would be corrected": "done",
  "would be sent": "done", skipped: "skipped", parked: "parked", waiting: "waiting", failed: "error"};

function previewed(own, act) {
  return html`${own.step.preview.flows.map((flow) => html`<section><h3>${flow.flow}</h3>
    ${flow.error ? banner({tone: "bad", title: flow.error}) : nothing}
    ${flow.rows.length ? table({name: "preview-" + flow.flow, caption: flow.flow, rows: flow.rows, key: (row) => row.key, columns: [
      {name: "reference", title: t("setup.record"), kind: "main", cell: (row) => row.reference || row.key},
      {name: "outcome", title: t("setup.outcome"), cell: (row) => mark(LOOKS[row.outcome] || "none", t("setup.outcome." +
        row.outcome.replaceAll(" ", "_")))},
      {name: "date", title: t("setup.date"), cell: (row) => row.date || nothing},
      {name: "name", title: t("setup.name"), cell: (row) => row.name || nothing},
      {name: "total", title: t("setup.total"), kind: "num", cell: (row) => (row.total ? money(row.total) : nothing)},
      {name: "detail", title: t("setup.detail"), kind: "wide", cell: (row) => (row.detail
        ? html`<small lang="en">${row.detail}</small>` : nothing)},
    ]}) : html`<p>${t("setup.no_records")}</p>`}</section>`)}
    <p>${button({label: t("setup.again"), shape: "again", run: () => answer(act, own, {again: true})})}</p>`;
}

function reviewed(own) {
  return html`${own.step.files.map((file) => {
    const text = file.text.trimEnd();
    if (file.sealed) return html`<p><strong>${file.path}</strong> ${text}</p>`;
    return area({name: "file-" + file.path, label: file.path, value: text, readonly: true, code: true, wide: true,
      rows: Math.min(20, text.split("\n").length)});
  })}`;
}

function finished(own) {
  const {done} = own.step;
  return html`${banner({tone: "ok", title: own.step.text})}
    <p><a class="button main" href="#/overview">${t("overview.title")}</a>
    ${done.flows.map((flow) => html` <a class="button" href="#/activity?flow=${flow}">${t("setup.see", {flow})}</a>`)}</p>`;
}

const BODIES = {form, matrix, table: rows, login: logIn, test: tested, preview: previewed, review: reviewed, done: finished};

function bar(own, act) {
  const {step} = own, {kind} = step;
  if (kind === "done") return nothing;
  const waits = kind === "test" && step.test.outcome === "failed";
  const ask = kind === "login" && !step.login.in && !own.answers.answer;
  return html`<div class="actions">
    ${step.back ? button({label: t("setup.back"), shape: "left", key: "Alt+ArrowLeft", disabled: own.sending,
      run: () => back(act, own)}) : nothing}
    ${waits || ask ? nothing : button({label: t(kind === "review" ? "setup.save" : "setup.next"), kind: "main", type: "submit",
      disabled: own.sending})}
    ${own.sending ? html`<span class="muted" role="status">${t("setup.working")}</span>` : nothing}
  </div>`;
}

function phases(step) {
  return html`<ol class="phases" aria-label=${t("setup.phases")}>${step.phases.map((name, i) => html`<li
    aria-current=${i + 1 === step.at ? "step" : nothing} class=${i + 1 < step.at ? "past" : ""}>${i + 1 < step.at ? icon("check") : nothing}
    <span>${name}</span></li>`)}</ol>`;
}

function submit(own, act) {
  if (own.sending) return;
  if (own.step.kind === "review") save(act, own);
  else answer(act, own, own.answers);
}

// ---- the page ----

export const page = {
  name: "setup",
  title: "setup.title",
  role: "admin",
  own: () => ({step: null, told: told(), answers: {}, dirty: false, sending: false, pasting: false}),

  async load({rest, own, signal}) {
    if (rest === "back") {
      location.replace(await came(signal));
      return {};
    }
    if (own.step && own.dirty) return {};
    const {setups} = await get("/setup", {}, {signal});
    const last = setups[setups.length - 1];
    const step = last ? await get(path`/setup/${last.setup}`, lang(), {signal}) : await send("POST", "/setup", lang(), {signal});
    own.step = step;
    own.answers = {};
    return {};
  },

  view(now, act) {
    const {own} = now, {step} = own;
    if (!step) return nothing;
    const key = (event) => {
      if (event.altKey && event.key === "ArrowLeft" && step.back) {
        event.preventDefault();
        back(act, own);
      }
    };
    return html`${phases(step)}
      <form class="step" novalidate @keydown=${key} @submit=${(event) => {
        event.preventDefault();
        submit(own, act);
      }}>
        ${own.told.good ? banner({tone: "ok", title: own.told.good}) : nothing}
        ${own.told.bad ? banner({tone: "bad", title: own.told.bad, alert: true}) : nothing}
        <h2 id="step" tabindex="-1">${step.title}</h2>
        ${step.text && step.kind !== "done" ? html`<p class="lead">${step.text}</p>` : nothing}
        ${(step.errors || []).map((text) => banner({tone: "bad", title: text, alert: true}))}
        ${(BODIES[step.kind] || form)(own, act)}
        ${bar(own, act)}
      </form>`;
  },

  actions(now, act) {
    const {own} = now;
    if (!own.step || own.step.kind === "done") return nothing;
    return button({label: t("setup.drop"), kind: "quiet", run: async () => {
      const sure = await act.ask({title: t("setup.drop_title"), text: t("setup.drop_text"), confirm: t("setup.drop"), danger: true});
      if (!sure) return;
      await act.run(() => send("DELETE", path`/setup/${own.step.setup}`));
      own.step = null;
      own.dirty = false;
      await act.reload();
    }});
  },

  leave: (now) => (now.own.dirty ? t("setup.unsaved") : ""),
};
