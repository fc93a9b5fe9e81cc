// The levers: each an input with its unit, range, grade and source; findings and faults stand beside it.
import { html, nothing } from "./vendor/lit-html.js";

/** @typedef {import("./api.js").Lever} Lever */
/** @typedef {import("./api.js").Finding} Finding */
/** @typedef {import("./vendor/lit-html.js").TemplateResult} Template */
/** @typedef {(lever: Lever, value: any, done: boolean) => void} Move */
/**
 * @typedef {object} Beside
 * @property {Finding[]} findings
 * @property {Record<string, {finding: Finding, typed: string}>} faults by path
 * @property {Move} move
 * @property {(lever: Lever, finding: Finding, typed: string, done: boolean) => void} refuse
 */

const UNITS = /** @type {Record<string, string>} */ ({ day: "days", person: "people", deg: "°" });

/** @param {string} path */
export function idOf(path) {
  return `lever-${path.replace(/[^a-z0-9_]/gi, "-")}`;
}

/** @param {any} value @returns {number|null} in km, or as it stands */
export function numberOf(value) {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const found = /^\s*([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)\s+(m|km|miles?)\s*$/i.exec(value);
  if (!found) return null;
  const scale = { m: 0.001, km: 1 }[found[2].toLowerCase()] ?? 1.609344;
  return Number((Number(found[1]) * scale).toPrecision(6));
}

/** @param {Lever} lever @param {number} amount @returns {any} as the scenario holds it; null leaves it out */
export function valueOf(lever, amount) {
  if (lever.optional && amount === 0 && lever.low === 0 && !lever.path.startsWith("assumptions.")) return null;
  return lever.kind === "quantity" ? `${amount} ${lever.unit}` : amount;
}

/** @param {Lever} lever @param {any} value @returns {string} in words */
export function inWords(lever, value) {
  if (value === null || value === undefined) return lever.kind === "boxes" ? "all" : lever.drawn ? "as catalogued" : "none";
  if (lever.choices && typeof value === "string") return lever.choices.find((one) => one.value === value)?.label ?? value;
  if (Array.isArray(value)) return lever.kind === "points" ? `${value.length} corners` : value.length > 3 ? `${value.length} chosen` : value.join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  const amount = numberOf(value);
  if (amount === null) return lever.drawn ? `drawn from ${lever.drawn.low} to ${lever.drawn.high}` : String(value);
  return `${amount}${lever.unit ? ` ${UNITS[lever.unit] ?? lever.unit}` : ""}`;
}

/** @param {Lever} lever */
function about(lever) {
  return html`<details class="about"><summary title="Grade ${lever.grade}: ${lever.grade_label}"><span class="hidden">About ${lever.label}: </span>${lever.grade === "choice" ? "choice" : `grade ${lever.grade}`}</summary>
    <p>${lever.grade_label}. ${lever.low !== null && lever.high !== null ? `Range ${lever.low} to ${lever.high} ${UNITS[lever.unit] ?? lever.unit}. ` : ""}${lever.note}
    ${lever.source.map((one) => html` Source: ${one.citation}`)} <code>${lever.path}</code></p></details>`;
}

/** @param {Lever} lever @param {Beside} beside */
function remarks(lever, beside) {
  const fault = beside.faults[lever.path];
  const found = beside.findings.filter((one) => belongs(one, lever));
  if (!fault && !found.length) return nothing;
  return html`<div id="${idOf(lever.path)}-said" class="said">
    ${fault ? html`<p class="fault"><strong>Not set:</strong> ${fault.finding.what}; ${fault.finding.remedy}.</p>` : nothing}
    ${found.map((one) => html`<p class="doubt"><strong>Look again:</strong> ${one.what}; ${one.remedy}.</p>`)}</div>`;
}

/** @param {Finding} finding @param {Lever} lever */
export function belongs(finding, lever) {
  return finding.where === lever.path || (finding.where !== "" && finding.where.startsWith(`${lever.path}.`));
}

/** @param {Lever} lever @param {Beside} beside */
function described(lever, beside) {
  return beside.faults[lever.path] || beside.findings.some((one) => belongs(one, lever)) ? `${idOf(lever.path)}-said` : nothing;
}

/**
 * What is wrong with what stands in a number's field, before anybody is asked; the shipped value is never wrong.
 * @param {Lever} lever @param {HTMLInputElement} input @returns {Finding|null}
 */
function wrong(lever, input) {
  const amount = Number(input.value), unit = lever.unit && lever.unit !== "1" ? ` ${UNITS[lever.unit] ?? lever.unit}` : "";
  const remedy = `give a number from ${lever.low} to ${lever.high}${unit}`;
  if (input.validity.badInput) return { where: lever.path, what: "this is no number", remedy };
  if (input.value.trim() === "" || lever.low === null || lever.high === null || amount === numberOf(lever.shipped)) return null;
  if (amount >= lever.low && amount <= lever.high) return null;
  return { where: lever.path, what: `${input.value}${unit} is beyond ${lever.low} to ${lever.high}${unit}`, remedy };
}

/** @param {Lever} lever @param {Beside} beside */
function numberLever(lever, beside) {
  const id = idOf(lever.path), amount = numberOf(lever.value);
  const typed = beside.faults[lever.path]?.typed;
  const middle = amount ?? lever.drawn?.central ?? lever.low ?? 0;
  /** @param {Event} event @param {boolean} done */
  const take = (event, done) => {
    const input = /** @type {HTMLInputElement} */ (event.target), { value } = input;
    if (input.validity.badInput && !done) return; // "." or "1e": half of a number, which drawing anew would delete
    const finding = wrong(lever, input);
    if (finding) { beside.refuse(lever, finding, value, done); return; }
    if (value.trim() === "") { if (done) beside.move(lever, lever.optional ? null : lever.shipped, true); return; }
    beside.move(lever, valueOf(lever, Number(value)), done);
  };
  const fixed = lever.drawn && lever.path.startsWith("assumptions.");
  return html`<div class="lever ${fixed ? "whole" : ""}">
    <div class="head"><label for=${id}>${lever.label}</label>${about(lever)}</div>
    <input class="slide" type="range" tabindex="-1" aria-label="${lever.label}, slider" data-slider=${lever.path} min=${lever.low} max=${lever.high} step=${lever.step}
      .value=${String(middle)} @input=${(/** @type {Event} */ event) => take(event, false)} @change=${(/** @type {Event} */ event) => take(event, true)}>
    <span class="amount"><input id=${id} type="number" inputmode="decimal" data-lever=${lever.path} min=${lever.low} max=${lever.high} step=${lever.step}
      .value=${typed ?? (amount === null ? "" : String(amount))} placeholder=${fixed ? String(lever.drawn?.central) : lever.drawn ? "drawn" : "none"}
      aria-invalid=${beside.faults[lever.path] ? "true" : "false"} aria-describedby=${described(lever, beside)}
      @input=${(/** @type {Event} */ event) => take(event, false)} @change=${(/** @type {Event} */ event) => take(event, true)}>
    <span class="unit">${UNITS[lever.unit] ?? lever.unit}</span></span>
    ${amount === null && lever.drawn && !fixed ? html`<p class="drawn-from">Drawn: ${lever.drawn.low} to ${lever.drawn.high}, often ${lever.drawn.central}</p>` : nothing}
    ${remarks(lever, beside)}</div>`;
}

/** @param {Lever} lever @param {Beside} beside */
function choiceLever(lever, beside) {
  const id = idOf(lever.path);
  const set = (/** @type {Event} */ event) => beside.move(lever, /** @type {HTMLSelectElement} */ (event.target).value, true);
  return html`<div class="lever"><div class="head"><label for=${id}>${lever.label}</label>${about(lever)}</div>
    <select id=${id} class="wide" data-lever=${lever.path} aria-describedby=${described(lever, beside)} @change=${set}>
      ${(lever.choices ?? []).map((one) => html`<option value=${one.value} ?selected=${one.value === lever.value}>${one.label}</option>`)}
    </select>${remarks(lever, beside)}</div>`;
}

/** @param {Lever} lever @param {Beside} beside */
function flagLever(lever, beside) {
  const set = (/** @type {Event} */ event) => beside.move(lever, /** @type {HTMLInputElement} */ (event.target).checked, true);
  return html`<div class="lever"><div class="head"><label class="box"><input type="checkbox" data-lever=${lever.path} .checked=${lever.value === true}
    aria-describedby=${described(lever, beside)} @change=${set}> ${lever.label}</label>${about(lever)}</div>${remarks(lever, beside)}</div>`;
}

/** @param {Lever} lever @param {Beside} beside */
function boxesLever(lever, beside) {
  /** @type {string[]} */
  const chosen = lever.value ?? [];
  const set = (/** @type {Event} */ event) => {
    const { value, checked } = /** @type {HTMLInputElement} */ (event.target);
    const next = checked ? [...chosen, value] : chosen.filter((one) => one !== value);
    beside.move(lever, next.length || !lever.optional ? next : null, true);
  };
  const long = (lever.choices ?? []).length > 4;
  const boxes = html`<div class="boxes ${long ? "long" : ""}">${(lever.choices ?? []).map((one) => html`<label class="box"><input type="checkbox" data-lever=${lever.path}
    value=${one.value} .checked=${chosen.includes(one.value)} @change=${set}> ${one.label}</label>`)}</div>`;
  return html`<fieldset class="lever whole" aria-describedby=${described(lever, beside)}><legend>${lever.label}</legend>${about(lever)}
    ${long ? html`<p class="chosen">${inWords(lever, lever.value)}</p>` : nothing}${boxes}${remarks(lever, beside)}</fieldset>`;
}

/** @param {any} value */
export function pointsText(value) {
  return Array.isArray(value) ? value.map((point) => point.join(", ")).join("\n") : "";
}

/** @param {string} text @returns {any} corners; what cannot be read stays as it was typed, to be refused with a reason */
export function pointsOf(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.map((line) => line.split(/[\s,;]+/).filter(Boolean).map((part) => Number.isFinite(Number(part)) ? Number(part) : part));
}

/** @param {Lever} lever @param {Beside} beside @param {{on: boolean, toggle: () => void}} drawing */
function pointsLever(lever, beside, drawing) {
  const id = idOf(lever.path), typed = beside.faults[lever.path]?.typed;
  const set = (/** @type {Event} */ event) => {
    const corners = pointsOf(/** @type {HTMLTextAreaElement} */ (event.target).value);
    beside.move(lever, corners.length ? corners : null, true);
  };
  return html`<div class="lever whole"><div class="head"><label for=${id}>${lever.label}</label>${about(lever)}</div>
    <textarea id=${id} rows="5" spellcheck="false" data-lever=${lever.path} aria-describedby="${idOf(lever.path)}-how" placeholder="30.5, 50.4" .value=${typed ?? pointsText(lever.value)} @change=${set}></textarea>
    <p id="${idOf(lever.path)}-how" class="quiet">Longitude, latitude; one corner a line. It takes the place of the oblasts.</p>
    <button type="button" aria-pressed=${drawing.on ? "true" : "false"} @click=${drawing.toggle}>${drawing.on ? "Done drawing" : "Draw on the map"}</button>
    ${remarks(lever, beside)}</div>`;
}

/** @param {Lever} lever @param {Beside} beside @param {{on: boolean, toggle: () => void}} drawing @returns {Template} */
export function drawLever(lever, beside, drawing) {
  switch (lever.kind) {
    case "choice": return choiceLever(lever, beside);
    case "flag": return flagLever(lever, beside);
    case "boxes": return boxesLever(lever, beside);
    case "points": return pointsLever(lever, beside, drawing);
    default: return numberLever(lever, beside);
  }
}

/** @param {Lever[]} levers @returns {[string, string, Lever[]][]} group, its label, its levers */
export function grouped(levers) {
  /** @type {Map<string, [string, string, Lever[]]>} */
  const groups = new Map();
  for (const lever of levers) {
    if (!groups.has(lever.group)) groups.set(lever.group, [lever.group, lever.group_label, []]);
    groups.get(lever.group)?.[2].push(lever);
  }
  return [...groups.values()];
}
