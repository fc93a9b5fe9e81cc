// The answer as tables: what each option prevents, what it costs and risks, and what all this rests on.
import { html, nothing } from "./vendor/lit-html.js";
import * as told from "./figures.js";
import { inWords } from "./levers.js";

/** @typedef {import("./api.js").Lab} Lab */
/** @typedef {import("./api.js").Figures} Figures */
/** @typedef {import("./api.js").Option} Option */
/** @typedef {import("./vendor/lit-html.js").TemplateResult} Template */

export const TABS = /** @type {[string, string][]} */ ([["prevented", "Threats prevented"],
  ["cost", "Cost, incidents, people"], ["basis", "What it rests on"]]);
const MILLION = 1e6;
const RARE = 0.01; // incidents in the period

/** Options in the scenario's order, each followed by what its money buys as aid; without the baseline. @param {Lab} lab */
export function shown(lab) {
  const others = lab.options.filter((one) => !one.baseline), names = others.map((one) => one.name);
  return others.filter((one) => !one.twin || !names.includes(one.twin))
    .flatMap((one) => [one, ...others.filter((twin) => twin.twin === one.name)]);
}

/** @param {Figures|null} figures @param {string} option @param {string} measure @param {string} head @param {boolean} [strong] */
function preventedCell(figures, option, measure, head, strong) {
  const row = figures?.paired[option]?.[measure];
  const text = row ? told.number(row.delta, 2, figures?.error[option]?.[measure]) : "–";
  return html`<td data-head=${head}><span><span class=${strong ? "figure strong" : "figure"} data-figure="${option}.${measure}" data-value=${row?.delta ?? nothing}>${text}</span>
    <span class="between">${row ? told.interval(row) : nothing}</span></span></td>`;
}

/** @param {Figures|null} figures @param {string} option */
function moveCell(figures, option) {
  const change = told.moved(figures, option, told.ZONE);
  if (!change) return html`<td data-head="your move"></td>`;
  return html`<td data-head="your move" class=${change.none ? "none" : "touched"}><span><span class="figure" data-move="${option}.${told.ZONE}" data-value=${change.delta}>${change.text}</span>
    <span class="between">${change.noise ? "within noise" : change.off}</span></span></td>`;
}

/** @param {Option} option @param {boolean} chosen @param {(name: string) => void} choose */
function nameCell(option, chosen, choose) {
  const role = told.roleOf(option);
  return html`<th scope="row"><button type="button" class="name" aria-pressed=${chosen ? "true" : "false"} title=${option.label}
    @click=${() => choose(option.name)}>${told.mark(role)} <span>${option.short}</span></button></th>`;
}

/** @param {Lab} lab @param {Figures|null} was @param {string} option @param {(name: string) => void} choose */
function prevented(lab, was, option, choose) {
  const { figures } = lab, options = shown(lab);
  const scale = figures ? told.scaleOf(figures, options) : null;
  return html`<table class="answer numeric"><caption class="hidden">Threats prevented by each option, compared with ${lab.options.find((one) => one.baseline)?.label}</caption>
    <thead><tr><th scope="col">Option</th><th scope="col" class="drawn">${scale ? told.axis(scale) : nothing}<span class="hidden">Picture of armed threats in the area</span></th>
      ${told.HEADS.map((head) => html`<th scope="col">${head}</th>`)}<th scope="col">planned, € million</th><th scope="col">your move in area</th></tr></thead>
    <tbody>${options.map((one) => html`<tr class=${one.name === option ? "chosen" : ""}>${nameCell(one, one.name === option, choose)}
      <td class="drawn">${scale ? told.picture(figures?.paired[one.name]?.[told.ZONE], was?.paired[one.name]?.[told.ZONE], scale, told.roleOf(one)) : nothing}</td>
      ${told.PRIMARY.map((measure, k) => preventedCell(figures, one.name, measure, told.HEADS[k], k === 0))}
      <td data-head="planned, € million"><span class="figure" data-figure="${one.name}.planned">${told.money(figures, one.name)}</span></td>
      ${moveCell(figures, one.name)}</tr>`)}</tbody></table>
    <p class="key"><svg class="mark" viewBox="0 0 34 12" width="34" height="12" aria-hidden="true"><path class="keybar" d="M1 6H33"></path><circle class="dot" cx="17" cy="6" r="4.5"></circle></svg>
      Dot: mean. Bar and grey numbers: 95% of the expected outcome. ${told.spread(figures, option) ? "Thin line: the spread of one period. " : ""}${told.enveloped(figures, option) ? "Brackets: the envelope of what nobody knows; at the edge, beyond it. " : "The envelope of what nobody knows follows the last stage. "}${was ? "Grey stroke: before your move. ±: holds the final value 95 times in 100." : nothing}</p>`;
}

/** @param {Figures|null} figures @param {string} option @param {string} measure @param {string} head @param {number} scale */
function levelCell(figures, option, measure, head, scale) {
  const row = figures?.levels[option]?.[measure];
  const by = (/** @type {number|null|undefined} */ value) => typeof value === "number" ? value / scale : null;
  const text = row ? told.number(by(row.mean), 2, by(row.mcse)) : "–";
  return html`<td data-head=${head}><span><span class="figure" data-figure="${option}.${measure}" data-value=${row?.mean ?? nothing}>${text}</span>
    <span class="between">${row ? told.interval({ ...row, lo: by(row.lo), hi: by(row.hi), mcse: by(row.mcse) }) : nothing}</span></span></td>`;
}

/** @param {Lab} lab @param {string} option @param {(name: string) => void} choose */
function cost(lab, option, choose) {
  const { figures } = lab;
  const heads = ["planned, € million", "spent, € million", "people exposed, hours", "casualties"];
  return html`<table class="answer numeric"><caption class="hidden">Cost and people of each option</caption>
    <thead><tr><th scope="col">Option</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${shown(lab).map((one) => html`<tr class=${one.name === option ? "chosen" : ""}>${nameCell(one, one.name === option, choose)}
      <td data-head=${heads[0]}><span class="figure" data-figure="${one.name}.planned">${told.money(figures, one.name)}</span></td>
      ${levelCell(figures, one.name, "cost_eur", heads[1], MILLION)}${levelCell(figures, one.name, "people_exposed_h", heads[2], 1)}
      ${levelCell(figures, one.name, "casualties", heads[3], 1)}</tr>`)}</tbody></table>
    ${incidents(lab, option)}`;
}

/** @param {Lab} lab @param {string} name */
function incidents(lab, name) {
  const { figures } = lab, option = lab.options.find((one) => one.name === name);
  if (!figures || !option) return nothing;
  const levels = figures.levels[name] ?? {}, own = figures.levels[lab.baseline] ?? {};
  const size = (/** @type {string} */ kind) => Math.max(levels[kind]?.mean ?? 0, own[kind]?.mean ?? 0);
  const words = (/** @type {{label: string}} */ kind) => kind.label.replace(/^Incidents, /, "");
  const all = lab.measures.filter((one) => one.group === "incidents" && size(one.name) > 0);
  const kinds = all.filter((one) => size(one.name) >= RARE), rare = all.filter((one) => size(one.name) < RARE);
  kinds.sort((one, other) => Math.abs(figures.paired[name]?.[other.name]?.delta ?? 0) - Math.abs(figures.paired[name]?.[one.name]?.delta ?? 0));
  const heads = ["with it", "without it", "more or fewer", "your move"];
  return html`<table class="answer numeric incidents"><caption>Incidents of ${option.short} by kind, in ${lab.days} days</caption>
    <thead><tr><th scope="col">Kind</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${kinds.map((kind) => {
    const change = told.moved(figures, name, kind.name), row = figures.paired[name]?.[kind.name];
    const error = figures.error[name]?.[kind.name];
    return html`<tr><th scope="row">${words(kind)}</th>
      <td data-head=${heads[0]}><span class="figure" data-figure="${name}.${kind.name}" data-value=${levels[kind.name]?.mean ?? nothing}>${told.number(levels[kind.name]?.mean, 2, levels[kind.name]?.mcse)}</span></td>
      <td data-head=${heads[1]}>${told.number(own[kind.name]?.mean, 2, own[kind.name]?.mcse)}</td>
      <td data-head=${heads[2]}>${row && typeof row.delta === "number" ? html`${told.signed(row.delta, error)} <span class="between">${error ? `± ${told.number(2 * error, 1)}` : nothing}</span>` : "–"}</td>
      <td data-head=${heads[3]}>${change && Math.abs(change.delta) < RARE / 2 ? html`<span class="quiet">no change</span>` : change ? html`${change.text} <span class="between">${change.noise ? "within noise" : change.off}</span>` : nothing}</td></tr>`;
  })}</tbody></table>
    ${rare.length ? html`<p class="key">Less than once in a hundred such periods: ${rare.map(words).join("; ")}.</p>` : nothing}`;
}

const GRADED = /** @type {[string, string, string[]][]} */ ([["data", "rests on data", ["A", "B"]], ["elicited", "claimed once", ["C"]],
  ["assumed", "assumed", ["K"]], ["choice", "decided by who sets it up", ["choice"]]]);

/** @param {string} grade */
export function lineOf(grade) {
  return GRADED.find(([, , grades]) => grades.includes(grade))?.[0] ?? "assumed";
}

/** @param {string} kind */
function line(kind) {
  return html`<svg class="mark" viewBox="0 0 34 12" width="34" height="12" aria-hidden="true"><path class="grade ${kind}" d="M1 6H33"></path></svg>`;
}

/** @param {Lab} lab @param {string} option */
function basis(lab, option) {
  const levers = lab.levers.filter((one) => one.option === option || one.option === "");
  return html`<p>Raids, leak rates and Ukraine’s own defence are fitted to the public record ${line("data")}. Prices, ranges and yields are drawn from published ranges ${line("data")} ${line("elicited")}. What nobody knows stands at one value here ${line("assumed")}; <strong>${told.enveloped(lab.figures, option) ? "brackets show the envelope over its whole range" : "the envelope over its whole range is not yet here"}</strong>.</p>
    <table class="answer basis"><caption class="hidden">What each lever rests on</caption><thead><tr><th scope="col">Lever</th><th scope="col">now</th><th scope="col">range</th><th scope="col">rests on</th></tr></thead>
    <tbody>${levers.map((lever) => html`<tr><th scope="row">${lever.label}</th>
      <td data-head="now">${lever.drawn && lever.value === null ? `${lever.drawn.central} ${lever.unit}` : inWords(lever, lever.value)}</td>
      <td data-head="range">${lever.low === null ? nothing : `${lever.low} to ${lever.high} ${lever.unit}`}</td>
      <td data-head="rests on">${line(lineOf(lever.grade))} ${lever.grade_label} <span class="between">${lever.source.map((one) => one.key).join(", ")}</span></td></tr>`)}</tbody></table>`;
}

/**
 * @param {Lab} lab @param {Figures|null} was the figures before the move @param {string} tab @param {string} option
 * @param {(name: string) => void} choose @returns {Template}
 */
export function drawAnswer(lab, was, tab, option, choose) {
  if (tab === "cost") return cost(lab, option, choose);
  return tab === "basis" ? basis(lab, option) : prevented(lab, was, option, choose);
}
