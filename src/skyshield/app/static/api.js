// What the page asks of the server, and the form of what it answers.

/** @typedef {{delta: number|null, lo?: number|null, hi?: number|null, mcse?: number|null, error?: number|null, reason?: string, spread_lo?: number|null, spread_hi?: number|null, env_lo?: number|null, env_hi?: number|null}} Row */
/** @typedef {{mean: number|null, lo?: number|null, hi?: number|null, mcse?: number|null, reason?: string}} Level */
/**
 * @typedef {object} Figures
 * @property {number} stage
 * @property {boolean} final
 * @property {number} vectors
 * @property {number} replications
 * @property {number} days
 * @property {string} baseline
 * @property {string[]} options
 * @property {Record<string, Record<string, Row>>} paired
 * @property {Record<string, Record<string, number|null>>} error
 * @property {Record<string, Record<string, Row>>} move
 * @property {Record<string, Record<string, Level>>} levels
 * @property {Record<string, number>} planned
 */
/** @typedef {{name: string, label: string, short: string, colour: string, baseline: boolean, twin: string|null, fires: boolean}} Option */
/** @typedef {{value: string, label: string}} Choice */
/**
 * @typedef {object} Lever
 * @property {string} path
 * @property {string} option
 * @property {string} group
 * @property {string} group_label
 * @property {string} label
 * @property {"number"|"quantity"|"choice"|"boxes"|"flag"|"points"|"days"} kind
 * @property {string} unit
 * @property {number|null} low
 * @property {number|null} high
 * @property {number|null} step
 * @property {boolean} optional
 * @property {boolean} main
 * @property {any} value
 * @property {any} shipped
 * @property {Choice[]|null} choices
 * @property {string[]} clears
 * @property {string} grade
 * @property {string} grade_label
 * @property {{key: string, citation: string}[]} source
 * @property {string} note
 * @property {{key: string, low: number, central: number, high: number}|null} drawn
 */
/** @typedef {{where: string, what: string, remedy: string, level?: string}} Finding */
/** @typedef {{name: string, x: number, y: number, in: boolean, status: string}} Site */
/** @typedef {{name: string, label: string, share: number, in: boolean, status: string, sites: Site[]}} Interest */
/**
 * @typedef {object} OptionShapes
 * @property {string} zone
 * @property {string} allowed
 * @property {Record<string, string>} standoffs
 * @property {number} share_left
 * @property {Interest[]} interests
 * @property {{name: string, x: number, y: number, outside: boolean}[]} served
 */
/**
 * @typedef {object} MapShapes
 * @property {number} width
 * @property {number} height
 * @property {{x: number, y: number, km: number, label: string}} scale
 * @property {{land: string, occupied: string, crimea: string, neighbours: {name: string, d: string}[], oblasts: {name: string, d: string}[], lines: Record<string, string>}} layers
 * @property {{name: string, kind: string, x: number, y: number, label: string}[]} places
 * @property {number[][][]} degrees
 * @property {string} note
 * @property {string} area
 * @property {Record<string, OptionShapes>} options
 */
/** @typedef {{name: string, label: string, unit: string, scale: number, group: string, direction: string, status: string, what: string}} Measure */
/**
 * @typedef {object} Lab
 * @property {string} scenario
 * @property {string[]} scenarios
 * @property {string} title
 * @property {string} question
 * @property {Record<string, any>} changed
 * @property {number} seed
 * @property {number} days
 * @property {string} baseline
 * @property {Option[]} options
 * @property {Lever[]} levers
 * @property {MapShapes} map
 * @property {Finding[]} findings
 * @property {Figures|null} figures
 * @property {Measure[]} measures
 * @property {string[]} shown the columns of results that the lab shows
 * @property {{state: string, detail?: string}} worker
 * @property {string} command
 * @property {string} [yaml]
 */

/** An answer that says what is wrong, where, and how to mend it. */
export class Fault extends Error {
  /** @param {Finding} said @param {number} status */
  constructor(said, status) {
    super(`${said.where}: ${said.what}; ${said.remedy}`);
    this.where = said.where;
    this.what = said.what;
    this.remedy = said.remedy;
    this.status = status;
  }
}

const TAB = crypto.randomUUID();

/** @param {Response} response @returns {Promise<Response>} */
async function heard(response) {
  if (response.ok) return response;
  /** @type {Finding} */
  let said = { where: "server", what: `answered ${response.status}`, remedy: "load the page anew" };
  try {
    const body = await response.json();
    if (typeof body.what === "string") said = body;
  } catch { /* no JSON: the status has to do */ }
  throw new Fault(said, response.status);
}

/** @param {string} path @returns {Promise<any>} */
export async function get(path) {
  return (await heard(await fetch(path, { headers: { accept: "application/json" } }))).json();
}

/** @param {string} path @param {any} body @param {AbortSignal} [signal] @returns {Promise<Response>} */
export async function post(path, body, signal) {
  const headers = { "content-type": "application/json", "x-tab": TAB };
  return heard(await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal }));
}

/** @param {string} name @param {string} text */
export async function keep(name, text) {
  const path = `/api/scenarios/${encodeURIComponent(name)}`;
  return (await heard(await fetch(path, { method: "PUT", headers: { "content-type": "application/yaml" }, body: text }))).json();
}

/**
 * Read a stream of `data:` lines, each JSON, until it ends.
 * @param {Response} response @param {(data: any) => void} take
 */
export async function listen(response, take) {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held += value;
    const parts = held.split("\n\n");
    held = parts.pop() ?? "";
    for (const part of parts) {
      const text = part.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
      if (text) take(JSON.parse(text));
    }
  }
}
