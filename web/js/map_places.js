// The register's places: drawn on a canvas of their own, clustered on a grid that is computed once a zoom level.
// Shape and letter tell the grade besides the colour. Tens of thousands of places; only what is in view is drawn.
import * as L from "leaflet/dist/leaflet-src.esm.js";

const CELL = 64; // pixels: what would lie closer is drawn as one
const APART = 17; // from this zoom level on every place stands for itself
const SCALE = 100000;
const TONES = ["faint", "burn", "warn", "good"]; // as the grades come: none, red, yellow, green

// An answer as columns becomes what the drawing needs: places in the plane of the unit square (Web Mercator).
export function unfolded(answer) {
  const { tag, lon, lat, kind, grade, due, name } = answer;
  const places = tag.map((id, i) => {
    const phi = (lat[i] / SCALE) * (Math.PI / 180);
    return {
      tag: id, lat: lat[i] / SCALE, lon: lon[i] / SCALE, kind: answer.kinds[kind[i]], grade: grade[i], due: due[i], name: name[i],
      x: lon[i] / SCALE / 360 + 0.5, y: 0.5 - Math.log(Math.tan(Math.PI / 4 + phi / 2)) / (2 * Math.PI),
    };
  });
  return { places, grades: answer.grades, more: places.length >= answer.most };
}

export const today = () => Math.floor((Date.now() + 8 * 3600e3) / 864e5); // the station's day

export const PlacesLayer = L.Renderer.extend({
  initialize(options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._layers = {};
    this._shown = [];
    this._byZoom = new Map();
    this._hits = [];
  },

  show(places) {
    this._shown = places;
    this._byZoom.clear();
    if (this._map) this._update();
  },

  // the place or cluster under a point of the screen
  at(point) {
    const near = this._hits.filter(({ x, y, reach }) => Math.abs(x - point.x) <= reach && Math.abs(y - point.y) <= reach);
    return near.at(-1)?.group;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.style.pointerEvents = "none";
    this._ctx = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },

  _updatePaths() { this._draw(); },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = Math.min(devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = ratio * size.x;
    this._container.height = ratio * size.y;
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._ctx.setTransform(ratio, 0, 0, ratio, -ratio * this._bounds.min.x, -ratio * this._bounds.min.y);
    this._draw();
  },

  _groups(zoom) {
    if (!this._byZoom.has(zoom)) {
      if (this._byZoom.size > 12) this._byZoom.clear();
      this._byZoom.set(zoom, gathered(this._shown, 256 * 2 ** zoom, zoom >= APART));
    }
    return this._byZoom.get(zoom);
  },

  _draw() {
    const { _ctx: ctx, _bounds: bounds, _map: map } = this;
    if (!bounds || !ctx) return;
    const began = performance.now();
    const zoom = map.getZoom();
    const world = 256 * 2 ** zoom;
    const origin = map.getPixelOrigin();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const colours = palette();
    ctx.clearRect(bounds.min.x, bounds.min.y, bounds.max.x - bounds.min.x, bounds.max.y - bounds.min.y);
    this._hits = [];
    for (const group of this._groups(zoom)) {
      const x = group.x * world - origin.x, y = group.y * world - origin.y;
      if (x < bounds.min.x - 30 || x > bounds.max.x + 30 || y < bounds.min.y - 30 || y > bounds.max.y + 30) continue;
      const reach = group.members.length > 1 ? ring(ctx, x, y, group, colours) : shape(ctx, x, y, group.members[0], zoom, colours, this.options.letters);
      this._hits.push({ x: x - corner.x, y: y - corner.y, reach, group });
    }
    this.took = performance.now() - began;
    map.fire("placesdrawn", { took: this.took, drawn: this._hits.length });
  },
});

function gathered(places, world, apart) {
  if (apart) return places.map((one) => ({ members: [one], x: one.x, y: one.y }));
  const cells = new Map();
  for (const one of places) {
    const cell = Math.floor((one.x * world) / CELL) * 4194304 + Math.floor((one.y * world) / CELL);
    const held = cells.get(cell);
    if (held) held.push(one);
    else cells.set(cell, [one]);
  }
  return [...cells.values()].map(summed);
}

function summed(members) {
  const counts = [0, 0, 0, 0];
  let x = 0, y = 0;
  for (const one of members) {
    x += one.x;
    y += one.y;
    counts[one.grade] += 1;
  }
  return { members, counts, x: x / members.length, y: y / members.length };
}

let painted;
function palette() {
  const theme = `${document.documentElement.dataset.theme}${matchMedia("(prefers-color-scheme: dark)").matches}`;
  if (painted?.theme === theme) return painted;
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(`--${name}`).trim();
  painted = { theme, tones: TONES.map(value), surface: value("surface"), ink: value("ink"), font: value("font") };
  return painted;
}

// a number in a ring whose arcs are the shares of the grades, the worst first
function ring(ctx, x, y, { members, counts }, { tones, surface, ink, font }) {
  const many = members.length;
  const radius = Math.min(26, 12 + 3 * Math.log10(many) * 1.6);
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 7);
  ctx.fillStyle = surface;
  ctx.fill();
  ctx.lineWidth = 5;
  let from = -Math.PI / 2;
  for (const grade of [1, 2, 3, 0]) {
    if (!counts[grade]) continue;
    const to = from + (2 * Math.PI * counts[grade]) / many;
    ctx.beginPath();
    ctx.arc(x, y, radius - 2.5, from, to);
    ctx.strokeStyle = tones[grade];
    ctx.stroke();
    from = to;
  }
  ctx.fillStyle = ink;
  ctx.font = `600 ${many > 999 ? 10 : 12}px ${font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(String(many), x, y + 0.5);
  return radius;
}

// red: a square on its corner; yellow: a triangle; green: a disc; none: an empty ring
function shape(ctx, x, y, { grade, due }, zoom, { tones, surface, ink, font }, letters) {
  const r = zoom >= 15 ? 9 : zoom >= 13 ? 7 : 5;
  ctx.beginPath();
  if (grade === 1) polygon(ctx, [[x, y - r - 1], [x + r + 1, y], [x, y + r + 1], [x - r - 1, y]]);
  else if (grade === 2) polygon(ctx, [[x, y - r - 1], [x + r + 1, y + r - 1], [x - r - 1, y + r - 1]]);
  else ctx.arc(x, y, r, 0, 7);
  ctx.fillStyle = grade ? tones[grade] : surface;
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = due && due <= today() ? ink : grade ? surface : tones[0];
  ctx.stroke();
  if (grade && zoom >= 15) {
    ctx.fillStyle = surface;
    ctx.font = `600 9px ${font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(letters[grade], x, y + (grade === 2 ? 3 : 0.5));
  }
  return Math.max(r + 2, 10);
}

function polygon(ctx, points) {
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.closePath();
}
