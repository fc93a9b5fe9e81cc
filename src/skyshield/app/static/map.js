// The map: shapes come worked out from the server, in km from the upper left corner; nothing is projected here.
import { html, nothing, svg } from "./vendor/lit-html.js";

/** @typedef {import("./api.js").MapShapes} MapShapes */
/** @typedef {import("./api.js").OptionShapes} OptionShapes */
/** @typedef {import("./api.js").Site} Site */
/** @typedef {import("./vendor/lit-html.js").SVGTemplateResult} Svg */
/** @typedef {[number, number]} Corner longitude and latitude */

/** @type {Record<string, [string, number, number]>} where a city's name stands beside its dot: anchor, px aside, px down */
const BESIDE = { Kyiv: ["start", 6, -4], Lviv: ["start", 6, -3], Odesa: ["start", 6, 12], Uzhhorod: ["start", 4, 16],
  Vinnytsia: ["start", 5, 15], Rivne: ["start", 6, -3], Kharkiv: ["end", -6, -4], Dnipro: ["start", 6, -3],
  Izmail: ["start", 6, 13], Mykolaiv: ["start", 6, -3] };
/** @type {Record<string, string>} in, out or undecided: a sign each */
export const SIGNS = { inside: "M2 6.5L5 9.5L10.5 2.5", outside: "M2 2L10 10M10 2L2 10",
  undecided: "M3.5 4A2.5 2.5 0 1 1 6 6.5V8M6 10V11" };
/** @type {Record<string, string>} */
export const STATUS = { inside: "inside", outside: "outside", undecided: "undecided within the map’s error" };
const LINES = ["russia", "front", "belarus"];

/** @param {number} part @param {number} whole */
function percent(part, whole) {
  return `${(100 * part / whole).toFixed(2)}%`;
}

/** @param {MapShapes} map */
function land(map) {
  const { layers } = map;
  return svg`
    ${layers.neighbours.map((state) => svg`<path class="neighbour" d=${state.d}></path>`)}
    <path class="land" d=${layers.land}></path>
    <path class="occupied" d=${layers.occupied}></path>
    ${layers.oblasts.map((oblast) => svg`<path class="oblast" d=${oblast.d}></path>`)}`;
}

/** @param {OptionShapes} shapes @param {string} role */
function zone(shapes, role) {
  return svg`
    ${LINES.map((line) => shapes.standoffs[line] ? svg`<path class="band ${line}" d=${shapes.standoffs[line]}></path>` : nothing)}
    <path class="allowed fill-${role}" d=${shapes.allowed}></path>
    <path class="declared stroke-${role}" d=${shapes.zone}></path>`;
}

/** @param {MapShapes} map */
function borders(map) {
  const { lines } = map.layers;
  return svg`<path class="line russia" d=${lines.russia}></path><path class="line belarus" d=${lines.belarus}></path>
    <path class="line front" d=${lines.front}></path><path class="line front" d=${lines.footholds}></path>`;
}

/** @param {MapShapes} map */
function places(map) {
  return map.places.map(({ name, kind, x, y, label }) => {
    const [left, top] = [percent(x, map.width), percent(y, map.height)];
    if (kind === "word") return svg`<text class="word halo" x=${left} y=${top} text-anchor="middle">${label}</text>`;
    const [anchor, aside, down] = BESIDE[name] ?? ["start", 6, -3];
    return svg`<circle class="city" cx=${left} cy=${top} r="2.5"></circle>
      <text class="city halo" x=${left} y=${top} dx=${aside} dy=${down} text-anchor=${anchor}>${label}</text>`;
  });
}

/** @param {MapShapes} map @param {Site} site */
function interest(map, site) {
  return svg`<svg class="site ${site.status}" x=${percent(site.x, map.width)} y=${percent(site.y, map.height)} width="12" height="12" overflow="visible">
    <g transform="translate(-6 -6)"><circle cx="6" cy="6" r="8"></circle><path d=${SIGNS[site.status]}></path></g>
    <title>${site.name}: ${STATUS[site.status]}</title></svg>`;
}

/** @param {string} line @param {number} angle */
function hatch(line, angle) {
  return svg`<pattern id="hatch-${line}" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})"><path class="hatch" d="M0 0V14"></path></pattern>`;
}

/**
 * Draw the map of one option.
 * @param {MapShapes} map @param {string} option @param {string} short @param {string} role
 * @param {Corner[]|null} corners of a zone that is being drawn @param {(corner: Corner) => void} [add]
 */
export function drawMap(map, option, short, role, corners, add) {
  const shapes = map.options[option];
  const { x, y, km, label } = map.scale;
  const points = (corners ?? []).map((corner) => fromDegrees(map, corner));
  const click = add ? (/** @type {MouseEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    add(toDegrees(map, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height));
  } : null;
  return html`<svg class="map ${add ? "drawing" : ""}" role="img" aria-label=${describe(shapes, short)} @click=${click}>
    <defs>${hatch("russia", 45)}${hatch("front", -45)}${hatch("belarus", 0)}</defs>
    <svg viewBox="0 0 ${map.width} ${map.height}" width="100%" height="100%" preserveAspectRatio="none">
      ${land(map)}
      <path class="area" d=${map.area}></path>
      ${shapes ? zone(shapes, role) : nothing}
      ${borders(map)}
      ${points.length ? svg`<path class="drawn" d="M${points.map((point) => point.join(" ")).join("L")}Z"></path>` : nothing}
    </svg>
    ${places(map)}
    ${shapes ? shapes.interests.flatMap((one) => one.sites).map((site) => interest(map, site)) : nothing}
    ${shapes ? shapes.served.map((place) => svg`<circle class="served ${place.outside ? "beyond" : ""}" cx=${percent(place.x, map.width)} cy=${percent(place.y, map.height)} r="6"><title>${place.name}, served${place.outside ? " though its own distances put it outside" : ""}</title></circle>`) : nothing}
    ${points.map((point) => svg`<circle class="corner" cx=${percent(point[0], map.width)} cy=${percent(point[1], map.height)} r="4"></circle>`)}
    <text class="word strong" x="2%" y="20">↑ N</text>
    <line class="bar" x1=${percent(x, map.width)} x2=${percent(x + km, map.width)} y1=${percent(y, map.height)} y2=${percent(y, map.height)}></line>
    <text class="word" x=${percent(x, map.width)} y=${percent(y, map.height)} dy="-6">${label}</text>
  </svg>`;
}

/** @param {OptionShapes|undefined} shapes @param {string} short */
export function describe(shapes, short) {
  if (!shapes) return `Map of Ukraine; no shots of their own: ${short}`;
  const left = Math.round(100 * shapes.share_left);
  return `Map of Ukraine: the distances kept leave ${left}% of the zone of ${short}`;
}

/** @param {OptionShapes|undefined} shapes */
export function interests(shapes) {
  if (!shapes) return nothing;
  return html`<ul class="interests">${shapes.interests.map((one) => html`<li>
    <svg class="mark ${one.status}" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path d=${SIGNS[one.status]}></path></svg>
    <span title="${one.label}: ${Math.round(100 * one.share)}% ${STATUS[one.status]}">${one.name}<span class="hidden"> ${STATUS[one.status]}</span></span></li>`)}</ul>`;
}

/**
 * Turn shares of the map's width and height into degrees, between the points of a grid.
 * @param {MapShapes} map @param {number} right @param {number} down @returns {Corner}
 */
export function toDegrees(map, right, down) {
  const last = map.degrees.length - 1;
  const u = Math.min(Math.max(right, 0), 1) * last, v = Math.min(Math.max(down, 0), 1) * last;
  const i = Math.min(Math.floor(v), last - 1), j = Math.min(Math.floor(u), last - 1);
  const mix = (/** @type {number} */ axis) => {
    const [north, south] = [map.degrees[i], map.degrees[i + 1]];
    const a = v - i, b = u - j;
    return (1 - a) * ((1 - b) * north[j][axis] + b * north[j + 1][axis]) + a * ((1 - b) * south[j][axis] + b * south[j + 1][axis]);
  };
  return [Number(mix(0).toFixed(2)), Number(mix(1).toFixed(2))];
}

/**
 * The other way round, by Newton's steps on the same grid.
 * @param {MapShapes} map @param {Corner} corner @returns {[number, number]} km from the upper left corner
 */
function fromDegrees(map, corner) {
  let right = 0.5, down = 0.5;
  const [west, north] = map.degrees[0][0], last = map.degrees.length - 1, [east, south] = map.degrees[last][last];
  for (let k = 0; k < 12; k += 1) {
    const [lon, lat] = toDegrees(map, right, down);
    right = Math.min(Math.max(right + (corner[0] - lon) / (east - west), 0), 1);
    down = Math.min(Math.max(down + (corner[1] - lat) / (south - north), 0), 1);
  }
  return [Number((right * map.width).toFixed(1)), Number((down * map.height).toFixed(1))];
}
