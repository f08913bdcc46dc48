// SPDX-License-Identifier: MIT
// Requests and answers of an attempt, as they were stored: secrets are masked, amounts are as they were sent.
import {html, svg, nothing, button, icon} from "../ui.js";
import {t, span, number, bytes} from "../i18n.js";
import {download} from "./download.js";

const SHOWN = 256 * 1024;

// JSON laid out without reading its numbers: 110.30 stays 110.30. Other text as it is.
export function laidOut(body) {
  const trimmed = body.trim();
  if (!/^[[{]/.test(trimmed)) return body;
  let out = "", depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  const tokens = trimmed.match(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g) || [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === "{" || token === "[") {
      if (tokens[i + 1] === "}" || tokens[i + 1] === "]") {
        out += token + tokens[++i];
        continue;
      }
      depth++;
      out += token + line();
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      out += line() + token;
    } else if (token === ",") out += token + line();
    else if (token === ":") out += ": ";
    else out += token;
  }
  return out;
}

function part(title, text, name) {
  if (!text) return nothing;
  const cut = text.length > SHOWN;
  return html`<div class="body"><div class="head"><h3>${title} <small class="muted">${bytes(text.length)}</small></h3>
      <div class="actions">${navigator.clipboard ? button({label: t("exchange.copy"), kind: "quiet small",
        run: () => navigator.clipboard.writeText(text)}) : nothing}
      ${button({label: t("exchange.download"), kind: "quiet small", run: () => download(name, text, "text/plain")})}</div></div>
    <pre tabindex="0" role="group" aria-label=${title}>${laidOut(cut ? text.slice(0, SHOWN) : text)}</pre>
    ${cut ? html`<p class="muted">${t("exchange.cut")}</p>` : nothing}</div>`;
}

// Each beneath the other, from when it began: the wait of the one before.
function bar(list, at) {
  const total = list.reduce((all, one) => all + Math.max(one.ms || 0, 1), 0);
  const before = list.slice(0, at).reduce((all, one) => all + Math.max(one.ms || 0, 1), 0);
  return html`<svg class="time" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${svg`<rect class="rail" width="100" height="6"/>
    <rect x=${(100 * before / total).toFixed(2)} width=${Math.max(1, 100 * Math.max(list[at].ms || 0, 1) / total).toFixed(2)} height="6"/>`}</svg>`;
}

const isBad = (one) => !one.status || one.status >= 400 || one.error;

export function exchanges(list) {
  if (!list?.length) return html`<p class="muted">${t("exchange.none")}</p>`;
  return html`<ol class="exchanges">${list.map((one, i) => html`<li><details ?open=${isBad(one)}>
    <summary>${icon("right")}<span class="status ${isBad(one) ? "bad" : "ok"}">${one.status || t("exchange.no_answer")}</span>
      <strong>${one.method}</strong> <span class="what" lang="en">${one.what}</span> ${bar(list, i)}
      <span class="num">${one.ms === undefined ? "" : one.ms < 1 ? t("exchange.quick") : span(one.ms)}</span></summary>
    <p class="url"><code>${one.url}</code></p>
    ${one.headers ? part(t("exchange.headers"), typeof one.headers === "string" ? one.headers : JSON.stringify(one.headers), "headers.txt") : nothing}
    ${one.error ? html`<p class="alarm" lang="en">${one.error}</p>` : nothing}
    ${part(t("exchange.request"), one.request, `request-${number(i + 1)}.txt`)}
    ${part(t("exchange.response"), one.response, `answer-${number(i + 1)}.txt`)}
  </details></li>`)}</ol>`;
}
