// The runs: what plays, what waits, what is unfinished; start, stop, resume and extend.
//
// The page asks every second how things stand, instead of holding a stream open for each run: a browser has six
// connections to a server for all its tabs together. Scripts may read /api/runs/ID/events.
import { html, nothing, render } from "./vendor/lit-html.js";
import { writeValue } from "./address.js";
import { Fault, get, post } from "./api.js";

/** @typedef {{where: string, what: string, remedy: string}} Said */
/**
 * @typedef {object} Ahead
 * @property {number} wall_s
 * @property {number} disk_bytes
 * @property {number} raid_days
 * @property {number} arms
 * @property {number} stored_share
 * @property {number|null} disk_free_bytes
 * @property {string[]} marks
 * @property {string} told
 */
/**
 * @typedef {object} Run
 * @property {string} study
 * @property {string} state
 * @property {string} title
 * @property {string} size
 * @property {string} told
 * @property {string} command
 * @property {number} vectors
 * @property {number} replications
 * @property {number} total
 * @property {number} share
 * @property {Record<string, any>} moves
 * @property {Said|null} error
 */
/** @typedef {{runs: Run[], finding: string, worker_words: string}} View */

const OFTEN_MS = 1000, SELDOM_MS = 5000;
const WORDS = /** @type {Record<string, string>} */ ({
  queued: "Waits", playing: "Plays", stopping: "Stops", stopped: "Stopped", done: "Done", failed: "Failed",
});
const UNDER_WAY = ["queued", "playing", "stopping"];

/** @param {string} id @returns {HTMLElement} */
function at(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

const main = at("main"), list = at("runs");
const one = main.dataset.study;
/** @type {Map<string, string>} */
const states = new Map();
/** @type {Map<string, Said>} */
const faults = new Map();
/** @type {Map<string, Ahead|null>} */
const aheads = new Map();
/** @type {View|null} */
let view = null;
/** @type {number|undefined} */
let timer;
let drawn = false;
let started = ""; // the study that the form has put in the queue

/** @param {Said} said */
const fault = (said) => html`<p class="fault" role="alert">${said.where}: ${said.what}; ${said.remedy}</p>`;

/** @param {unknown} error @returns {Said} */
function saidOf(error) {
  if (error instanceof Fault) return { where: error.where, what: error.what, remedy: error.remedy };
  return { where: "application", what: "does not answer", remedy: "see whether it still runs, then load the page anew" };
}

/** @param {Ahead} ahead */
function lies(ahead) {
  return html`<div class="lies"><p>${ahead.told}</p>
    ${ahead.marks.length ? html`<ul>${ahead.marks.map((mark) => html`<li>${mark}</li>`)}</ul>` : nothing}</div>`;
}

const working = html`<p><span class="spinner"></span>A second of it is played to tell; this takes a while.</p>`;

/** @param {Run} run */
function drawRun(run) {
  const busy = UNDER_WAY.includes(run.state), ended = !busy;
  const wrong = faults.get(run.study), ahead = aheads.get(run.study);
  return html`<article class="run" data-run=${run.study} data-state=${run.state}>
    <h2><a href="/runs/${encodeURIComponent(run.study)}">${run.title}</a> <span class="state ${run.state}">${WORDS[run.state]}</span></h2>
    <p class="quiet">${run.study}: ${run.size}</p>
    ${run.total && run.state !== "done" ? html`<progress max="1" .value=${run.share} aria-label="How much of ${run.study} is there"></progress>` : nothing}
    <p class="told">${run.told}</p>
    ${run.error ? fault(run.error) : nothing}
    ${wrong ? fault(wrong) : nothing}
    <div class="acts">
      ${run.state === "done" ? html`<a href="/studies/${encodeURIComponent(run.study)}">Result</a>
        <a href="/studies/${encodeURIComponent(run.study)}/report.html">Report</a><a href="/studies/${encodeURIComponent(run.study)}/csv">CSV</a>` : nothing}
      ${busy ? html`<button type="button" data-act="stop" ?disabled=${run.state === "stopping"} @click=${() => act(run, "DELETE")}
        aria-label="${run.state === "queued" ? "Take out of the queue" : "Stop"} ${run.study}">${run.state === "queued" ? "Take out of the queue" : "Stop"}</button>` : nothing}
      ${ended && run.state !== "done" ? html`<button type="button" data-act="resume" @click=${() => act(run, "POST")}
        aria-label="Resume ${run.study}">Resume</button>` : nothing}
    </div>
    ${ended ? html`<details class="more"><summary>Extend to a larger size</summary>
      <form @submit=${(/** @type {SubmitEvent} */ event) => extend(event, run)}>
        <p><label for="v-${run.study}">Vectors</label><br><input id="v-${run.study}" name="vectors" type="number" min=${run.vectors} max="65536" step="1" .value=${String(run.vectors)} required></p>
        <p><label for="r-${run.study}">Replications</label><br><input id="r-${run.study}" name="replications" type="number" min=${run.replications} step="1" .value=${String(run.replications)} required></p>
        <button type="submit" name="what" value="ahead">Size and time ahead</button>
        <button type="submit" name="what" value="extend">Extend</button>
      </form>${ahead === null ? working : ahead ? lies(ahead) : nothing}</details>` : nothing}
    <details class="more"><summary>The same on the command line</summary>
      ${Object.keys(run.moves).length ? html`<ul>${Object.entries(run.moves).map(([path, value]) => html`<li><code>${path} = ${JSON.stringify(value)}</code></li>`)}</ul>` : nothing}
      <p><code>${run.command}</code></p><p><a href="/api/runs/${encodeURIComponent(run.study)}/yaml">Scenario file (YAML)</a></p></details>
  </article>`;
}

function draw() {
  if (!view) return;
  at("finding").textContent = view.finding;
  at("worker").textContent = view.worker_words;
  if (!drawn) list.replaceChildren();
  drawn = true;
  render(view.runs.length ? view.runs.map(drawRun) : html`<p class="quiet">No study plays, waits or is unfinished.</p>`, list);
  for (const run of view.runs) {
    const before = states.get(run.study);
    if (before && before !== run.state && run.state !== "stopping") at("live").textContent = `${run.study}: ${WORDS[run.state]}`;
    states.set(run.study, run.state);
    if (run.study === started && run.state !== "queued") { // its row says the rest
      started = "";
      render(nothing, at("said"));
    }
  }
}

async function look() {
  clearTimeout(timer);
  try {
    view = await get(one ? `/runs/${encodeURIComponent(one)}.json` : "/runs.json");
    draw();
  } catch (error) {
    at("worker").textContent = Object.values(saidOf(error)).join(" ");
  }
  const busy = !document.hidden && view?.runs.some((run) => UNDER_WAY.includes(run.state));
  timer = setTimeout(look, busy ? OFTEN_MS : SELDOM_MS);
}

/** @param {Run} run @param {"POST"|"DELETE"} method */
async function act(run, method) {
  faults.delete(run.study);
  try {
    if (method === "POST") await post("/api/runs", { study: run.study });
    else await remove(run.study);
  } catch (error) {
    faults.set(run.study, saidOf(error));
  }
  await look();
}

/** @param {string} study */
async function remove(study) {
  const response = await fetch(`/api/runs/${encodeURIComponent(study)}`, { method: "DELETE", headers: { "content-type": "application/json" } });
  if (!response.ok) throw new Fault(await response.json(), response.status);
}

/** @param {SubmitEvent} event @param {Run} run */
async function extend(event, run) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget), given = new FormData(form);
  const dry = /** @type {HTMLButtonElement|null} */ (event.submitter)?.value === "ahead";
  const body = { study: run.study, vectors: Number(given.get("vectors")), replications: Number(given.get("replications")) };
  faults.delete(run.study);
  if (dry) aheads.set(run.study, null);
  draw();
  try {
    const said = await (await post("/api/runs", { ...body, dry_run: dry })).json();
    if (dry) aheads.set(run.study, said.ahead);
    else aheads.delete(run.study);
  } catch (error) {
    aheads.delete(run.study);
    faults.set(run.study, saidOf(error));
  }
  await look();
}

/** What the form for a new study asks for; a seed may have more digits than a number here. @param {HTMLFormElement} form */
function asked(form) {
  const given = new FormData(form), chosen = String(given.get("scenario"));
  const moves = chosen === form.dataset.scenario ? JSON.parse(form.dataset.set ?? "{}") : {};
  return { scenario: chosen, set: moves, vectors: Number(given.get("vectors")), replications: Number(given.get("replications")),
    seed: String(given.get("seed")), label: String(given.get("label")), rules: given.get("rules") !== null };
}

/** The address says what the form says, so that it can be passed on. @param {HTMLFormElement} form */
function keepAddress(form) {
  const { set, label, rules, ...rest } = asked(form), query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) query.set(name, String(value));
  for (const [path, value] of Object.entries(set)) query.append("set", `${path}=${writeValue(value)}`);
  if (label) query.set("label", label);
  if (rules) query.set("rules", "true");
  history.replaceState(null, "", `/runs?${query}`);
  const moves = document.getElementById("moves");
  if (moves?.parentElement) moves.parentElement.hidden = rest.scenario !== form.dataset.scenario;
}

/** @param {HTMLFormElement} form @param {boolean} dry */
async function start(form, dry) {
  const said = at("said");
  if (!form.reportValidity()) return;
  started = "";
  render(dry ? working : html`<p>…</p>`, said);
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  try {
    const answer = await (await post("/api/runs", { ...asked(form), dry_run: dry })).json();
    if (!dry) started = answer.study;
    render(dry ? lies(answer.ahead) : html`<p>${answer.study} is in the queue.</p>`, said);
  } catch (error) {
    render(fault(saidOf(error)), said);
  }
  for (const button of form.querySelectorAll("button")) button.disabled = false;
  await look();
}

const form = /** @type {HTMLFormElement|null} */ (document.getElementById("start"));
if (form) {
  form.addEventListener("submit", (event) => { event.preventDefault(); start(form, false); });
  form.addEventListener("input", () => keepAddress(form));
  at("ahead").addEventListener("click", () => start(form, true));
  for (const button of form.querySelectorAll("button")) button.disabled = false;
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
look();
