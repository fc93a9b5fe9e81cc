// The answer: numbers with as many digits as their errors allow, intervals, what a move changed, and what it rests on.
import { html, nothing, svg } from "./vendor/lit-html.js";

/** @typedef {import("./api.js").Figures} Figures */
/** @typedef {import("./api.js").Row} Row */
/** @typedef {import("./api.js").Option} Option */
/** @typedef {import("./api.js").Lab} Lab */
/** @typedef {import("./vendor/lit-html.js").TemplateResult} Template */

export const ZONE = "prevented_armed_zone";
export const PRIMARY = [ZONE, "prevented_armed", "prevented_zone"];
export const HEADS = ["armed, in area", "armed, country", "all, in area"];
const MILLION = 1e6;
const NOTHING = "–";
const NOISE = "within noise";
const TINY = 1e-9;
const MOST_DIGITS = 7;

/** @type {Record<string, string>} role by the option's colour */
export const ROLES = { "#0072B2": "skyshield", "#009E73": "aid", "#D55E00": "ground", "#56B4E9": "naval",
  "#CC79A7": "combined", "#666666": "baseline" };
/** @type {Record<string, string>} a shape beside each colour, in a square of 12 */
export const SHAPES = { skyshield: "M6 1A5 5 0 1 1 6 11A5 5 0 1 1 6 1Z", aid: "M1.5 1.5H10.5V10.5H1.5Z",
  ground: "M6 0L12 6L6 12L0 6Z", naval: "M0 2H12L6 12Z", combined: "M6 0L11.2 3V9L6 12L0.8 9V3Z",
  baseline: "M1 5H11V7H1Z" };

/** @param {number} value @param {number|null|undefined} error @param {number} most */
function toldDigits(value, error, most) {
  if (!error || !value) return most;
  return Math.max(1, Math.min(most, 1 + Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(error))));
}

/**
 * Write a number with so many significant digits, none beyond the first of its error.
 * @param {number|null|undefined} value @param {number} [most] @param {number|null} [error]
 */
export function number(value, most = 2, error = null) {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  if (Math.abs(value) <= TINY) return "0";
  const digits = toldDigits(value, error, most);
  const shown = Number(value.toExponential(digits - 1));
  let decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(shown))));
  if (Math.abs(value - Math.round(value)) <= TINY && Math.abs(value) < 10 ** digits) decimals = 0;
  return shown.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replace("-", "−");
}

/** @param {{lo?: number|null, hi?: number|null, mcse?: number|null, reason?: string}} row */
export function interval(row) {
  const { lo, hi } = row;
  if (row.reason === NOISE) return NOISE;
  if (lo === null || lo === undefined || hi === null || hi === undefined) return NOTHING;
  const size = Math.max(1, Math.abs(lo), Math.abs(hi));
  if (Math.abs(hi - lo) <= TINY * size) return row.mcse && row.mcse > TINY * size ? NOISE : number(lo);
  for (let digits = 2; digits < MOST_DIGITS; digits += 1) {
    const ends = [number(lo, digits), number(hi, digits)];
    if (ends[0] !== ends[1]) return ends.join(" to ");
  }
  return NOISE;
}

/** @param {number} value @param {number|null|undefined} error one standard error; two are told beside it */
export function signed(value, error) {
  const text = number(value, 2, error ? 2 * error : null);
  return value > TINY ? `+${text}` : text;
}

/** @param {Figures} figures @param {string} option @param {string} measure */
function told(figures, option, measure) {
  const row = figures.paired[option]?.[measure];
  return row ? number(row.delta, 2, figures.error[option]?.[measure]) : NOTHING;
}

/** @param {{figures: Figures|null, options: Option[]}} lab @param {string} name */
export function finding(lab, name) {
  const { figures } = lab;
  const option = lab.options.find((one) => one.name === name);
  if (!option) return "";
  if (!figures) return `What would ${option.short} prevent?`;
  if (!figures.paired[name]) return `${option.short}: what the others are compared with`;
  const twin = lab.options.find((one) => one.twin === name && figures.paired[one.name]);
  const keeps = `${option.short}: ${told(figures, name, ZONE)} armed threats kept from their aims in the area`;
  const country = told(figures, name, "prevented_armed");
  if (!twin) return `${keeps}, ${country} in the whole country`;
  return `${keeps}, the same money as aid ${told(figures, twin.name, ZONE)}; in the whole country ${country} and `
    + `${told(figures, twin.name, "prevented_armed")}`;
}

/** @param {Lab} lab */
export function measureLine(lab) {
  const days = lab.days === 1 ? "1 day" : `${lab.days} days`;
  const baseline = lab.options.find((one) => one.baseline);
  return `Armed threats that would else reach their aims, in ${days}, compared with ${baseline?.label ?? lab.baseline}.`;
}

/** @param {string} role @returns {Template} */
export function mark(role) {
  return html`<svg class="mark fill-${role}" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path d=${SHAPES[role]}></path></svg>`;
}

/** @param {Option} option */
export function roleOf(option) {
  return ROLES[option.colour] ?? "baseline";
}

/** @param {Figures} figures @param {Option[]} shown */
export function scaleOf(figures, shown) {
  let low = 0, high = 0;
  for (const { name } of shown) {
    const row = figures.paired[name]?.[ZONE];
    for (const value of [row?.lo, row?.hi, row?.delta, row?.spread_lo, row?.spread_hi]) {
      if (typeof value === "number") { low = Math.min(low, value); high = Math.max(high, value); }
    }
  }
  if (high === low) high = low + 1;
  const raw = (high - low) / 3, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((nice) => nice * power).find((nice) => nice >= raw) ?? 10 * power;
  const first = Math.floor(low / step) * step, last = Math.ceil(high / step) * step;
  const ticks = Array.from({ length: Math.round((last - first) / step) + 1 }, (_, k) => first + k * step);
  return { first, last, ticks };
}

/** @typedef {{first: number, last: number, ticks: number[]}} Scale */

/** @param {number} value @param {Scale} scale */
function at(value, scale) {
  const share = (value - scale.first) / (scale.last - scale.first);
  return `${(4 + 92 * Math.min(Math.max(share, -0.04), 1.04)).toFixed(2)}%`; // what lies beyond stands at the edge
}

/** @param {number|null|undefined} lo @param {number|null|undefined} hi @param {Scale} scale @param {string} kind */
function stretch(lo, hi, scale, kind) {
  return typeof lo === "number" && typeof hi === "number"
    ? svg`<line class=${kind} x1=${at(lo, scale)} x2=${at(hi, scale)} y1="50%" y2="50%"></line>` : nothing;
}

/** @param {number|null|undefined} value @param {Scale} scale @param {string} d */
function bracket(value, scale, d) {
  return typeof value === "number" ? svg`<svg x=${at(value, scale)} y="50%" overflow="visible"><path class="bracket" d=${d}></path></svg>` : nothing;
}

/** Whether the envelope of what nobody knows is among an option's figures. @param {Figures|null} figures @param {string} name */
export function enveloped(figures, name) {
  return typeof figures?.paired[name]?.[ZONE]?.env_lo === "number";
}

/** Whether the spread of single periods is among them. @param {Figures|null} figures @param {string} name */
export function spread(figures, name) {
  return typeof figures?.paired[name]?.[ZONE]?.spread_lo === "number";
}

/** Figures with the envelope of some options. @param {Figures} figures @param {Record<string, Record<string, Partial<Row>>>} found @returns {Figures} */
export function withEnvelope(figures, found) {
  const paired = { ...figures.paired };
  for (const [name, rows] of Object.entries(found)) {
    paired[name] = { ...paired[name] };
    for (const [measure, ends] of Object.entries(rows)) paired[name][measure] = { ...paired[name][measure], ...ends };
  }
  return { ...figures, paired };
}

/** @param {Scale} scale */
export function axis(scale) {
  return html`<svg class="picture axis" aria-hidden="true">${scale.ticks.map((tick, k) => k % 2 && scale.ticks.length > 4 ? nothing
    : svg`<text x=${at(tick, scale)} y="14" text-anchor="middle">${number(tick, 3)}</text>`)}</svg>`;
}

/** @param {Row|undefined} row @param {Row|undefined} before @param {Scale} scale @param {string} role */
export function picture(row, before, scale, role) {
  if (!row || row.delta === null) return nothing;
  const { lo, hi, delta } = row;
  return html`<svg class="picture" aria-hidden="true">
    ${scale.ticks.map((tick) => svg`<line class=${tick === 0 ? "zero" : "tick"} x1=${at(tick, scale)} x2=${at(tick, scale)} y1="0" y2="100%"></line>`)}
    ${bracket(row.env_lo, scale, "M4 -8H0V8H4")}${bracket(row.env_hi, scale, "M-4 -8H0V8H-4")}
    ${stretch(row.spread_lo, row.spread_hi, scale, `spread stroke-${role}`)}${stretch(lo, hi, scale, `bar stroke-${role}`)}
    ${before && before.delta !== null && before.delta !== delta
    ? svg`<line class="was" x1=${at(before.delta, scale)} x2=${at(before.delta, scale)} y1="20%" y2="80%"></line>` : nothing}
    <circle class="dot stroke-${role}" cx=${at(delta, scale)} cy="50%" r="5"></circle></svg>`;
}

/**
 * What a move changed of one option, paired, with how far the difference may still be off.
 * @param {Figures|null} figures @param {string} option @param {string} measure
 */
export function moved(figures, option, measure) {
  const row = figures?.move?.[option]?.[measure];
  if (!row || row.delta === null) return null;
  const error = row.error ?? row.mcse ?? null;
  const none = row.delta === 0 && !error;
  const noise = !none && error !== null && Math.abs(row.delta) <= 2 * error;
  return { delta: row.delta, error, none, noise, text: none ? "no change" : signed(row.delta, error),
    off: none || !error ? "" : `± ${number(2 * error, 1)}` };
}

/** @param {Lab} lab @param {Figures|null} figures @param {string} said what was moved */
export function moveSentence(lab, figures, said) {
  if (!figures || !said) return "";
  const parts = [];
  for (const option of lab.options) {
    const change = moved(figures, option.name, ZONE);
    if (!change || change.none) continue;
    parts.push(`${option.short} ${change.text} ${change.off}${change.noise ? " (within noise)" : ""}`);
  }
  const answer = parts.length ? `${parts.slice(0, 3).join(", ")}${parts.length > 3 ? ` and ${parts.length - 3} more` : ""} armed threats prevented in the area` : "no option changed in the area";
  return `${said}: ${answer}.`;
}

const RISKS = ["incidents", "people_exposed_h", "casualties"];
const RARE = 0.005; // incidents or casualties that a move adds in the period, below which nothing is said

/** @param {Lab} lab @param {Figures} figures @param {string} name @returns {string} what a move adds of an option's risks; empty if nothing */
function raised(lab, figures, name) {
  const more = lab.measures.filter(({ group }) => RISKS.includes(group)).flatMap((measure) => {
    const change = moved(figures, name, measure.name);
    return change && !change.noise && change.delta > RARE ? [{ measure, change }] : [];
  });
  const kinds = more.filter(({ measure }) => measure.group === RISKS[0]).sort((one, other) => other.change.delta - one.change.delta);
  const others = more.filter(({ measure }) => measure.group !== RISKS[0]);
  const words = kinds.slice(0, 1).map(({ measure, change }) => `${measure.label.replace(/^Incidents, /, "")} ${change.text} ${change.off} incidents${kinds.length > 1 ? ` (and ${kinds.length - 1} more ${kinds.length === 2 ? "kind" : "kinds"})` : ""}`);
  return [...words, ...others.map(({ measure, change }) => `${measure.label.toLowerCase().replace("ukraine", "Ukraine")} ${change.text} ${change.off}${measure.group === RISKS[1] ? ` ${measure.unit}` : ""}`)].join(", ");
}

/**
 * What a move raises of incidents, people exposed and casualties by more than the error of the difference; empty if nothing.
 * @param {Lab} lab @param {Figures|null} figures @param {string} name of the option that is looked at, told first
 */
export function riskSentence(lab, figures, name) {
  if (!figures) return "";
  const parts = [...lab.options].sort((one, other) => Number(other.name === name) - Number(one.name === name))
    .flatMap((option) => { const words = raised(lab, figures, option.name); return words ? [`${option.short}, ${words}`] : []; });
  if (!parts.length) return "";
  return `More at risk by this move: ${parts.slice(0, 2).join("; ")}${parts.length > 2 ? `; and ${parts.length - 2} more options` : ""}.`;
}

/** Which options have an envelope among their figures, in words. @param {Lab} lab */
export function envelopeWords(lab) {
  const others = lab.options.filter((one) => !one.baseline), held = others.filter((one) => enveloped(lab.figures, one.name));
  if (held.length === others.length) return "brackets, all options";
  const named = held.slice(0, 2).map(({ short }) => short).join(", ");
  return `brackets, ${named}${held.length > 2 ? ` and ${held.length - 2} more` : ""}`;
}

/** @param {Lab} lab @returns {string} the figures as CSV, one row an option and measure */
export function csv(lab) {
  const { figures } = lab;
  if (!figures) return "";
  const lines = ["option,measure,delta,lo,hi,standard_error,vectors,replications,final"];
  for (const [option, row] of Object.entries(figures.paired)) {
    for (const [measure, one] of Object.entries(row)) {
      lines.push([option, measure, one.delta, one.lo, one.hi, figures.error[option]?.[measure], figures.vectors,
        figures.replications, figures.final].map((value) => value ?? "").join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** @param {Figures|null} figures @param {string} option */
export function money(figures, option) {
  const planned = figures?.planned[option];
  return planned === undefined ? NOTHING : number(planned / MILLION);
}
