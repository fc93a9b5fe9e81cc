// The state of a view in its address: reload, back and a pasted link show the same.

/**
 * `left` is the setting before the last move; null if none is known.
 * @typedef {{scenario: string|null, seed: number|string, set: Record<string, any>, left: Record<string, any>|null, option: string|null, view: string[]}} View
 */

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
  return { scenario: query.get("scenario"), seed: readSeed(query.get("seed") ?? "1"), set, left: readLeft(query.getAll("left"), set),
    option: query.get("option"), view: (query.get("view") ?? "").split(",").filter(Boolean) };
}

/**
 * The setting left: that of the address, but for what the last move moved; a path alone was as it is shipped.
 * @param {string[]} texts @param {Record<string, any>} set
 */
function readLeft(texts, set) {
  if (!texts.length) return null;
  const left = { ...set };
  for (const text of texts) {
    const [path] = text.split("=", 1);
    if (path === text) delete left[path];
    else left[path] = readValue(text.slice(path.length + 1));
  }
  return left;
}

/** @param {Record<string, any>|null} left @param {Record<string, any>} set @returns {string[]} what `readLeft` reads */
function writeLeft(left, set) {
  if (!left) return [];
  const moved = [...new Set([...Object.keys(left), ...Object.keys(set)])].sort()
    .filter((path) => !(path in left && path in set) || JSON.stringify(left[path]) !== JSON.stringify(set[path]));
  return moved.map((path) => path in left ? `${path}=${writeValue(left[path])}` : path);
}

/** @param {View} view @returns {string} */
export function write(view) {
  const query = new URLSearchParams();
  if (view.scenario) query.set("scenario", view.scenario);
  if (view.seed !== 1) query.set("seed", String(view.seed));
  for (const path of Object.keys(view.set).sort()) query.append("set", `${path}=${writeValue(view.set[path])}`);
  for (const text of writeLeft(view.left, view.set)) query.append("left", text);
  if (view.option) query.set("option", view.option);
  if (view.view.length) query.set("view", view.view.join(","));
  const text = query.toString();
  return text ? `/?${text}` : "/";
}

/** @param {View} view @returns {string} what `/lab.json` is asked for */
export function asked(view) {
  return write({ ...view, left: null, option: null, view: [] }).replace(/^\//, "/lab.json");
}

/** @param {View} view @returns {string} where the setting is played as a study */
export function toRun(view) {
  return write({ ...view, left: null, option: null, view: [] }).replace(/^\//, "/runs");
}
