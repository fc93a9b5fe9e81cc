// The state of a view in its address: reload, back and a pasted link show the same.

/** @typedef {{scenario: string|null, seed: number|string, set: Record<string, any>, option: string|null, view: string[]}} View */

/** @param {string} text @returns {any} */
function readValue(text) {
  try { return JSON.parse(text); } catch { return text; }
}

/** @param {any} value @returns {string} */
export function writeValue(value) {
  if (typeof value === "string") {
    try { JSON.parse(value); } catch { return value; }
  }
  return JSON.stringify(value);
}

/** A seed of more digits than a number here has stays text. @param {string} text @returns {number|string} */
function readSeed(text) {
  if (!/^[0-9]{1,20}$/.test(text)) return 1;
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

/** @param {string} search @returns {View} */
export function read(search) {
  const query = new URLSearchParams(search);
  /** @type {Record<string, any>} */
  const set = {};
  for (const text of query.getAll("set")) {
    const at = text.indexOf("=");
    if (at > 0) set[text.slice(0, at)] = readValue(text.slice(at + 1));
  }
  return { scenario: query.get("scenario"), seed: readSeed(query.get("seed") ?? "1"), set,
    option: query.get("option"), view: (query.get("view") ?? "").split(",").filter(Boolean) };
}

/** @param {View} view @returns {string} */
export function write(view) {
  const query = new URLSearchParams();
  if (view.scenario) query.set("scenario", view.scenario);
  if (view.seed !== 1) query.set("seed", String(view.seed));
  for (const path of Object.keys(view.set).sort()) query.append("set", `${path}=${writeValue(view.set[path])}`);
  if (view.option) query.set("option", view.option);
  if (view.view.length) query.set("view", view.view.join(","));
  const text = query.toString();
  return text ? `/?${text}` : "/";
}

/** @param {View} view @returns {string} what `/lab.json` is asked for */
export function asked(view) {
  return write({ ...view, option: null, view: [] }).replace(/^\//, "/lab.json");
}

/** @param {View} view @returns {string} where the setting is played as a study */
export function toRun(view) {
  return write({ ...view, option: null, view: [] }).replace(/^\//, "/runs");
}
