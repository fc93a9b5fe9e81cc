// The lab: a move of a lever goes to the server, and the answer comes back with its doubt, refined in stages.
import { html, nothing, render } from "./vendor/lit-html.js";
import * as address from "./address.js";
import { Fault, get, keep, listen, post } from "./api.js";
import { TABS, drawAnswer } from "./answer.js";
import * as told from "./figures.js";
import { belongs, drawLever, grouped, inWords, numberOf, pointsText } from "./levers.js";
import { describe, drawMap, interests } from "./map.js";

/** @typedef {import("./api.js").Lab} Lab */
/** @typedef {import("./api.js").Lever} Lever */
/** @typedef {import("./api.js").Finding} Finding */
/** @typedef {import("./api.js").Figures} Figures */
/** @typedef {Record<string, any>} Setting */

const SLIDING_MS = 60, TYPING_MS = 350, ASKING_MS = 2000;
const STAGES = 3;
const CALM_MS = 800, ENVELOPED_DAYS = 31; // a year's envelope is a study to be run
const NEARLY = 0.99;

/** @type {Lab} */
let lab;
/** @type {address.View} */
let view = address.read(location.search);
const state = {
  /** @type {Figures|null} */ was: null,
  /** @type {Setting|null} the setting left, which the move shown is told from */ from: null,
  /** a move is asked for */ pending: false,
  /** the numbers shown are of the setting before */ stale: false,
  stage: 0,
  said: "",
  sentence: "",
  /** @type {Finding|null} */ fault: null,
  /** @type {Record<string, {finding: Finding, typed: string}>} */ faults: {},
  /** @type {Setting[]} */ undo: [],
  drawing: false,
  kept: "",
  replacing: "",
  /** @type {number|null} the share of the envelope that is played */ enclosed: null,
};
/** @type {AbortController|null} */
let playing = null;
/** @type {AbortController|null} */
let enclosing = null;
let waiting = 0;
/** @typedef {{from: Setting, pushed: boolean, undone: boolean, was?: Figures|null}} Step a move from the setting left and its figures, once in the history */
/** @type {Step|null} of the lever that is being slid or typed at */
let sliding = null;
/** @type {Setting|null} the setting that is asked for, until it is there or refused */
let wanted = null;
/** @type {Setting|null} the setting that the server is checking */
let checking = null;
let asked = 0;

/** @param {string} id */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

function option() {
  const named = lab.options.find((one) => one.name === view.option);
  return named ?? lab.options.find((one) => one.fires) ?? lab.options.find((one) => !one.baseline) ?? lab.options[0];
}

function tab() {
  return TABS.find(([name]) => view.view.includes(name))?.[0] ?? "prevented";
}

/** @param {unknown} error @returns {Finding} */
function findingOf(error) {
  if (error instanceof Fault) return { where: error.where, what: error.what, remedy: error.remedy };
  return { where: "server", what: "does not answer", remedy: "see whether the program still runs" };
}

/** @param {Setting} one @param {Setting} other */
function same(one, other) {
  const text = (/** @type {Setting} */ setting) => JSON.stringify(Object.keys(setting).sort().map((key) => [key, setting[key]]));
  return text(one) === text(other);
}

/** @param {Lever} lever @param {any} value @param {boolean} done */
function move(lever, value, done) {
  /** @type {Setting} */
  const next = { ...(wanted ?? view.set) };
  const puts = /** @type {[string, any][]} */ ([[lever.path, value], ...(value === null ? [] : lever.clears.map((path) => [path, null]))]);
  for (const [path, put] of puts) {
    const shipped = lab.levers.find((one) => one.path === path)?.shipped ?? null;
    if (JSON.stringify(put ?? null) === JSON.stringify(shipped) || (put === null && Array.isArray(shipped) && !shipped.length)) delete next[path];
    else next[path] = put;
  }
  const typed = lever.kind === "points" ? pointsText(value) : String(numberOf(value) ?? "");
  const step = sliding ??= { from: view.set, pushed: false, undone: false };
  if (done) sliding = null;
  wanted = next;
  state.pending = true; // from here on the numbers shown are not of what was asked
  mark();
  clearTimeout(waiting);
  const go = () => {
    if (same(next, checking ?? view.set)) {
      if (!checking) { wanted = null; state.pending = false; state.faults = {}; draw(); }
      return;
    }
    const was = step.from[lever.path] === undefined ? lever.shipped : step.from[lever.path];
    void set(next, step, `${lever.label} from ${inWords(lever, was)} to ${inWords(lever, value)}`, lever, typed);
  };
  if (done) go();
  else waiting = setTimeout(go, document.activeElement instanceof HTMLInputElement && document.activeElement.type === "number" ? TYPING_MS : SLIDING_MS);
}

/**
 * Say at a lever what is wrong with what was typed; nothing is asked for.
 * @param {Lever} lever @param {Finding} finding @param {string} typed @param {boolean} done
 */
function refuseTyped(lever, finding, typed, done) {
  clearTimeout(waiting);
  sliding = null;
  wanted = checking;
  state.pending = checking !== null;
  const say = () => {
    state.faults = { ...state.faults, [lever.path]: { finding, typed } };
    announce(`Not set: ${finding.what}; ${finding.remedy}.`);
    draw();
  };
  mark();
  if (done) say();
  else waiting = setTimeout(say, TYPING_MS);
}

/** What sets two settings apart, in words. @param {Setting} from @param {Setting} to */
function apart(from, to) {
  const moved = lab.levers.filter(({ path }) => JSON.stringify(from[path]) !== JSON.stringify(to[path]));
  const own = moved.filter(({ path }) => !moved.some((one) => one.clears.includes(path) && (to[path] ?? null) === null));
  const [one] = own;
  const of = (/** @type {Setting} */ setting) => inWords(one, setting[one.path] === undefined ? one.shipped : setting[one.path]);
  return own.length === 1 ? `${one.label} from ${of(from)} to ${of(to)}` : own.length ? `${own.length} levers moved` : "The last move";
}

/**
 * Take over a setting: ask for its map and findings, then for its numbers.
 * @param {Setting} next @param {Step} step @param {string} said @param {Lever|null} lever @param {string} typed
 */
async function set(next, step, said, lever, typed) {
  asked += 1;
  const mine = asked, before = state.faults;
  wanted = checking = next;
  state.pending = true;
  enclosing?.abort();
  state.enclosed = null;
  const ahead = ask(next, step.from); // the numbers start while map and findings are worked out
  let answer;
  try {
    answer = await (await post("/api/check", { scenario: lab.scenario, set: next, seed: view.seed })).json();
  } catch (error) {
    ahead.stop.abort();
    if (mine !== asked) return;
    wanted = checking = null;
    state.pending = false;
    const finding = findingOf(error);
    const at = lab.levers.find((one) => one.path === finding.where) ?? lever;
    if (at && finding.where !== "server") state.faults = { ...state.faults, [at.path]: { finding, typed: at === lever ? typed : String(numberOf(next[at.path]) ?? "") } };
    else state.fault = finding;
    announce(`Not set: ${finding.what}; ${finding.remedy}.`);
    draw();
    resume();
    void enclose();
    return;
  }
  if (mine !== asked) { ahead.stop.abort(); return; }
  if (step.was === undefined) step.was = state.stale ? null : lab.figures;
  state.was = step.was;
  state.from = step.from;
  view = { ...view, set: next, left: step.from };
  wanted = checking = null;
  state.pending = false;
  state.faults = Object.fromEntries(Object.entries(state.faults).filter(([path, one]) => before[path] !== one)); // not those said meanwhile
  state.fault = null;
  state.said = said;
  state.sentence = "";
  state.stale = true;
  state.stage = 0;
  lab = { ...lab, ...answer, map: { ...lab.map, ...answer.map }, figures: lab.figures };
  if (step.pushed) {
    history.replaceState(null, "", address.write(view));
  } else {
    history.pushState(null, "", address.write(view));
    if (!step.undone) state.undo.push(step.from);
    step.pushed = true;
  }
  draw();
  await play(ahead);
}

/** @typedef {{stop: AbortController, answer: Promise<Response>}} Asked */

/** @param {Setting} next @param {Setting|null} from @returns {Asked} */
function ask(next, from) {
  const stop = new AbortController();
  const body = { scenario: lab.scenario, set: next, from, options: null, measures: lab.shown, seed: view.seed };
  const answer = post("/api/preview", body, stop.signal);
  answer.catch(() => {}); // said where it is waited for
  return { stop, answer };
}

/** @param {Asked} ahead */
async function play(ahead) {
  playing?.abort();
  const mine = playing = ahead.stop;
  let ended = false;
  state.fault = null;
  try {
    await listen(await ahead.answer, (data) => {
      ended ||= Boolean(data.ended);
      if (playing !== mine || data.ended) return;
      if (data.stage === undefined && data.error) throw new Fault(data.error, 200);
      take(data, mine);
    });
    if (playing !== mine) return;
    playing = null;
    if (ended) resume();
  } catch (error) {
    if (mine.signal.aborted) return;
    state.fault = findingOf(error);
    draw();
    void watch();
  }
}

/** Ask anew for the numbers of the setting that stands, which one that was then refused has ended. */
function resume() {
  if (!checking && !playing && (state.stale || lab.figures?.final === false)) void play(ask(view.set, state.from));
}

/** @param {Figures} figures @param {AbortController} mine */
function take(figures, mine) {
  if (mine.signal.aborted) return;
  lab = { ...lab, figures };
  state.stale = false;
  state.stage = figures.stage;
  state.sentence = told.moveSentence(lab, figures, state.said);
  draw();
  if (figures.final) {
    announce([state.sentence || told.finding(lab, option().name), told.riskSentence(lab, figures, option().name)].join(" ").trim());
    void enclose();
  }
}

/** Once nobody moves anything, ask for the envelope of the option that is looked at, and of its money as aid. */
async function enclose() {
  state.enclosed = null;
  const chosen = option(), { figures } = lab;
  if (!figures?.final || state.stale || chosen.baseline || lab.days > ENVELOPED_DAYS || told.enveloped(figures, chosen.name)) return;
  enclosing?.abort();
  const mine = enclosing = new AbortController();
  await new Promise((resolve) => { setTimeout(resolve, CALM_MS); });
  if (mine.signal.aborted) return;
  const options = lab.options.filter((one) => one === chosen || one.twin === chosen.name).map((one) => one.name);
  try {
    const answer = await post("/api/envelope", { scenario: lab.scenario, set: view.set, options, seed: view.seed }, mine.signal);
    await listen(answer, (data) => {
      if (mine.signal.aborted || !lab.figures) return;
      if (data.total) state.enclosed = Math.max(state.enclosed ?? 0, Math.min(data.done / data.total, NEARLY)); // arms are added on the way
      if (data.envelope) lab = { ...lab, figures: told.withEnvelope(lab.figures, data.envelope) };
      draw();
    });
  } catch {
    if (mine.signal.aborted) return;
    state.enclosed = null; // it stays visibly missing
    draw();
  }
}

/** Say once, to who listens, what a move came to. @param {string} text */
function announce(text) {
  part("live").textContent = text;
}

/** Ask how the worker is until it is ready. */
async function watch() {
  for (let k = 0; k < 200; k += 1) {
    try { lab = { ...lab, worker: await get("/api/worker") }; } catch { return; }
    draw();
    if (["ready", "playing"].includes(lab.worker.state)) return;
    await new Promise((resolve) => { setTimeout(resolve, ASKING_MS); });
  }
}

function undo() {
  const before = state.undo.pop();
  if (before) void set(before, { from: view.set, pushed: false, undone: true }, "Undone", null, "");
}

function reset() {
  if (Object.keys(view.set).length) void set({}, { from: view.set, pushed: false, undone: false }, "All levers back", null, "");
}

/** @param {string} name */
function choose(name) {
  view = { ...view, option: name };
  history.replaceState(null, "", address.write(view));
  state.enclosed = null;
  draw();
  void enclose();
}

/** @param {string} name @param {boolean} open */
function open(name, open) {
  const rest = view.view.filter((one) => one !== name && (!TABS.some(([own]) => own === name) || !TABS.some(([own]) => own === one)));
  const next = open ? [...rest, name] : rest;
  if (next.join() === view.view.join()) return;
  view = { ...view, view: next };
  history.replaceState(null, "", address.write(view));
  draw();
}

/** @param {string} name @param {string} type @param {string} text */
function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function yaml() {
  return (await post("/api/yaml", { scenario: lab.scenario, set: view.set })).text();
}

/** @param {string} text @param {string} what */
async function copy(text, what) {
  try { await navigator.clipboard.writeText(text); state.kept = `${what} copied`; } catch { state.kept = `${what}: ${text}`; }
  announce(state.kept);
  draw();
}

/** @param {string} done what was not done @param {unknown} error */
function refuse(done, error) {
  const { where, what, remedy } = findingOf(error);
  state.kept = `Not ${done}: ${where} ${what}; ${remedy}`;
  announce(state.kept);
  draw();
}

/** @param {Event} event */
async function keepSetting(event) {
  event.preventDefault();
  const name = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("name") ?? "").trim();
  if (lab.scenarios.includes(name) && state.replacing !== name) {
    state.replacing = name;
    state.kept = `There is a scenario called ${name}: press Keep again to replace it`;
    announce(state.kept);
    draw();
    return;
  }
  state.replacing = "";
  try {
    await keep(name, await yaml());
    lab = { ...lab, scenarios: [...new Set([...lab.scenarios, name])] };
    state.kept = `Kept as ${name}`;
  } catch (error) {
    refuse("kept", error);
    return;
  }
  announce(state.kept);
  draw();
}

function drawFinding() {
  const sketch = state.stale || !lab.figures || !lab.figures.final;
  const stage = !lab.figures ? "No numbers yet" : state.stale ? "Working: these numbers are of the setting before"
    : lab.figures.final ? "Final for this size" : `Sketch ${lab.figures.stage} of ${STAGES}`;
  const enveloped = !state.stale && told.enveloped(lab.figures, option().name);
  const { short } = option();
  const envelope = enveloped ? told.envelopeWords(lab) : `${short}, ${state.enclosed === null ? "not yet" : `${Math.floor(100 * state.enclosed)}% played`}`;
  return html`<h1 class=${state.stale ? "stale" : ""}>${told.finding(lab, option().name)}</h1><p class="measure">${told.measureLine(lab)}</p>
    <ul class="states">${["starting", "restarting"].includes(lab.worker.state) ? html`<li class="state missing">Engine: ${lab.worker.state}</li>` : nothing}<li class="state mine ${sketch ? "sketch" : "final"}">${stage}</li><li class="state mine ${enveloped ? "final" : "missing"}">Envelope: ${envelope}</li></ul>`;
}

function drawMapPart() {
  const chosen = option(), shapes = lab.map.options[chosen.name];
  const lever = lab.levers.find((one) => one.kind === "points" && one.option === chosen.name);
  const drawing = state.drawing && lever;
  const corners = drawing ? lever.value ?? [] : null;
  const add = drawing ? (/** @type {import("./map.js").Corner} */ corner) => {
    const next = [...(lever.value ?? []), corner];
    lever.value = next;
    if (next.length >= 3) move(lever, next, true); else draw();
  } : undefined;
  return html`<figure class="sheet"><figcaption>${describe(shapes, chosen.short).replace(/^Map of Ukraine[:;] (.)/, (_, letter) => letter.toUpperCase())}</figcaption>
    ${drawMap(lab.map, chosen.name, chosen.short, told.roleOf(chosen), corners, add)}
    <div class="beside">${interests(shapes)}
    <details class="note" @keydown=${closeByKey} @focusout=${closeLeft}><summary>How to read the map</summary><p>${lab.title}. Shaded: where ${chosen.short} may shoot. Hatched: nearer to a line than the rules allow. Dashed: the declared zone. Dotted: the area in which threats are counted. Rings: places protected. Grey: occupied. ${lab.map.note}</p></details></div></figure>`;
}

/** What lies over the page closes on Escape, and the focus goes back to what opened it. @param {KeyboardEvent} event */
function closeByKey(event) {
  const note = /** @type {HTMLDetailsElement} */ (event.currentTarget);
  if (event.key !== "Escape" || !note.open) return;
  note.open = false;
  note.querySelector("summary")?.focus();
}

/** It closes when the focus goes elsewhere. @param {FocusEvent} event */
function closeLeft(event) {
  const note = /** @type {HTMLDetailsElement} */ (event.currentTarget);
  if (!note.contains(/** @type {Node|null} */ (event.relatedTarget))) note.open = false;
}

/** What is set otherwise than it was shipped, in words. */
function settled() {
  const moved = lab.levers.filter((one) => one.path in view.set);
  const others = Object.keys(view.set).filter((path) => !moved.some((one) => one.path === path || one.clears.includes(path)));
  const words = moved.map((one) => `${one.option ? `${lab.options.find(({ name }) => name === one.option)?.short}: ` : ""}${one.label} ${inWords(one, one.value)} (shipped: ${inWords(one, one.shipped)})`);
  return words.length || others.length ? html`<p class="set"><strong>Set here</strong> ${[...words, ...others].join("; ")}.</p>` : nothing;
}

function drawLevers() {
  const chosen = option();
  const own = lab.levers.filter((one) => one.option === chosen.name), all = lab.levers.filter((one) => one.option === "");
  const beside = { findings: lab.findings, faults: state.faults, move, refuse: refuseTyped };
  const drawing = { on: state.drawing, toggle: () => { state.drawing = !state.drawing; draw(); if (state.drawing) part("map").scrollIntoView({ block: "nearest" }); } };
  const main = own.filter((one) => one.main), rest = [...own.filter((one) => !one.main), ...all];
  const of = (/** @type {Finding} */ one) => lab.options.find(({ name }) => one.where === `options.${name}` || one.where.startsWith(`options.${name}.`));
  const loose = lab.findings.filter((one) => !lab.levers.some((lever) => belongs(one, lever)));
  const here = loose.filter((one) => (of(one) ?? chosen) === chosen), elsewhere = [...new Set(lab.findings.map(of))].filter((one) => one && one !== chosen);
  const changed = (/** @type {Lever} */ lever) => lever.path in view.set;
  const pick = (/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value);
  return html`<div class="row"><h2 id="levers-head"><label for="option">Levers of</label></h2>
      <select id="option" @change=${pick}>${lab.options.map((one) => html`<option value=${one.name} ?selected=${one.name === chosen.name}>${one.short}</option>`)}</select>
      <span class="buttons"><button type="button" ?disabled=${!state.undo.length} @click=${undo}>Undo</button>
      <button type="button" ?disabled=${!Object.keys(view.set).length} @click=${reset}>Reset</button></span></div>
    ${settled()}
    ${state.fault ? html`<p class="fault" role="alert"><strong>${state.fault.where}</strong> ${state.fault.what}; ${state.fault.remedy}.</p>` : nothing}
    ${here.map((one) => html`<p class="doubt"><strong>${of(one)?.short ?? one.where}</strong> ${one.what}; ${one.remedy}.</p>`)}
    ${elsewhere.length ? html`<p class="quiet">The check has a finding on ${elsewhere.map((one) => one?.short).join(", ")} too: choose it above to read it.</p>` : nothing}
    ${own.length ? nothing : html`<p class="quiet">No levers for this option: ${chosen.short}.</p>`}
    <div class="levers">${main.map((lever) => drawLever(lever, beside, drawing))}</div>
    ${grouped(rest).map(([name, label, levers]) => html`<details class="group" ?open=${view.view.includes(name)} @toggle=${(/** @type {Event} */ event) => open(name, /** @type {HTMLDetailsElement} */ (event.target).open)}>
      <summary>${label}${levers.some(changed) ? html` <span class="changed">changed</span>` : nothing}</summary>
      ${view.view.includes(name) ? html`<div class="levers">${levers.map((lever) => drawLever(lever, beside, drawing))}</div>` : nothing}</details>`)}`;
}

function drawAnswerPart() {
  const risk = state.said ? told.riskSentence(lab, lab.figures, option().name) : "";
  return html`<div class="tabs" role="tablist" aria-label="The answer">${TABS.map(([name, label]) => html`<button type="button" role="tab" id="tab-${name}"
      aria-selected=${name === tab() ? "true" : "false"} aria-controls="panel" tabindex=${name === tab() ? 0 : -1} @click=${() => open(name, true)} @keydown=${tabKeys}>${label}</button>`)}</div>
    ${lab.worker.state === "compiling" ? html`<p class="working">The engine is being compiled, once: a minute. Map, findings and stored results work meanwhile.</p>` : nothing}
    <div id="panel" class="scroll ${state.stale ? "stale" : ""}" role="tabpanel" aria-labelledby="tab-${tab()}" tabindex="0">${drawAnswer(lab, state.said ? state.was : null, tab(), option().name, choose)}</div>
    <p class="sentence">${state.sentence || (state.stale ? "Working…" : nothing)}</p>
    ${risk && !state.stale ? html`<p class="risk">${risk}</p>` : nothing}`;
}

/** @param {KeyboardEvent} event */
function tabKeys(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const now = TABS.findIndex(([name]) => name === tab());
  const [next] = TABS[(now + step + TABS.length) % TABS.length];
  open(next, true);
  part(`tab-${next}`).focus();
}

function drawTake() {
  const name = Object.keys(view.set).length ? "my-setting" : lab.scenario; // as the command has it
  const saved = async () => {
    try { download(`${name}.yaml`, "application/yaml", await yaml()); } catch (error) { refuse("taken along", error); }
  };
  return html`<details class="take"><summary>Take it along: YAML, CSV, command, link</summary>
    <p><button type="button" @click=${saved}>YAML</button> <button type="button" ?disabled=${!lab.figures || state.stale} @click=${() => download(`${name}.csv`, "text/csv", told.csv(lab))}>CSV</button>
      <button type="button" @click=${() => copy(location.href, "Link")}>Copy link</button> <button type="button" @click=${() => copy(lab.command, "Command")}>Copy command</button></p>
    <p><code id="command">${lab.command}</code></p>
    <p><a id="to-run" href=${address.toRun({ ...view, scenario: lab.scenario })}>Play this setting as a study</a>, with its envelope, months, clauses and report.</p>
    <form @submit=${keepSetting}><label for="keep">Keep this setting as a scenario called</label> <input id="keep" name="name" type="text" required pattern="[a-z][a-z0-9_]*" maxlength="60" autocomplete="off"> <button>Keep</button></form>
    <p class="quiet">${state.kept}</p></details>`;
}

/** Say to scripts which stage is shown, and whether it is the last. */
function mark() {
  const old = state.stale || state.pending;
  for (const { dataset } of [part("main"), part("answer")]) {
    dataset.stage = String(old ? 0 : lab.figures?.stage ?? 0);
    dataset.final = String(!old && lab.figures?.final === true);
  }
}

function draw() {
  mark();
  render(drawFinding(), part("finding"));
  render(drawMapPart(), part("map"));
  render(drawLevers(), part("levers"));
  /** @type {HTMLSelectElement} */ (part("option")).value = option().name; // a person may have changed it since
  render(drawAnswerPart(), part("answer"));
  render(drawTake(), part("take"));
  document.title = `${told.finding(lab, option().name)} · SkyShield`;
}

/** Show the state of the address, after back or a reload. @param {boolean} first */
async function visit(first) {
  const next = address.read(location.search);
  if (!first && next.scenario === view.scenario && next.seed === view.seed) {
    const from = view.set, { left } = next;
    view = { ...next, set: from };
    state.undo = [];
    if (same(checking ?? from, next.set) && (!left || same(state.from ?? from, left))) { draw(); return; }
    const step = { from: left ?? from, pushed: true, undone: true, was: left && !same(left, from) ? null : undefined };
    await set(next.set, step, left ? apart(left, next.set) : "Back", null, "");
    return;
  }
  view = next;
  lab = await get(address.asked(view));
  const { left } = view;
  state.from = left;
  state.said = left ? apart(left, view.set) : "";
  state.undo = left ? [left] : [];
  if (first) for (const id of ["finding", "map", "levers", "answer", "take"]) part(id).replaceChildren();
  state.was = null;
  draw();
  if (!["ready", "playing"].includes(lab.worker.state)) void watch();
  if (left || !lab.figures) await play(await askFirst(left));
}

/** Ask for the numbers of a page that opens; a setting left that cannot be played is let go of. @param {Setting|null} left */
async function askFirst(left) {
  const ahead = ask(view.set, left);
  try {
    if (left) await ahead.answer;
  } catch {
    view = { ...view, left: null };
    state.from = null;
    state.said = "";
    state.undo = [];
    return ask(view.set, null);
  }
  return ahead;
}

function scenarios() {
  const select = /** @type {HTMLSelectElement|null} */ (document.getElementById("scenario"));
  select?.addEventListener("change", () => { location.assign(address.write({ ...view, scenario: select.value, set: {}, left: null, option: null })); });
}

addEventListener("popstate", () => { void visit(false); });
scenarios();
visit(true).catch((error) => {
  const { where, what, remedy } = findingOf(error);
  const said = document.createElement("p");
  said.className = "fault";
  said.setAttribute("role", "alert");
  said.textContent = `${where} ${what}; ${remedy}.`;
  part("levers").replaceChildren(said);
});
