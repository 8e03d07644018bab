// A plan of the walk as one sees it from above, north up: points of the ground to points of a drawing. Pure.
const RADIUS = 6371000;
const radians = (degrees) => (degrees * Math.PI) / 180;
const LEAST = 120; // metres across: one door is not drawn as large as a village
const SCALES = [1, 2, 5].flatMap((one) => [10, 100, 1000].map((ten) => one * ten)).sort((one, other) => one - other);

// `points`: what must be on it. Gives its height, how a point is drawn, and what a bar of so many metres measures.
export function plan(points, { width, margin }) {
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  const centre = { lon: middle(points.map((one) => one.lon)), lat: middle(points.map((one) => one.lat)) };
  const narrow = Math.cos(radians(centre.lat));
  const flat = ({ lon, lat }) => [RADIUS * radians(lon - centre.lon) * narrow, RADIUS * radians(centre.lat - lat)];
  const reach = (axis) => Math.max(...points.map((one) => Math.abs(flat(one)[axis])), LEAST / 2) * 2;
  const height = Math.round(Math.min(Math.max((width * reach(1)) / reach(0), width * 0.6), width));
  const scale = Math.min((width - 2 * margin) / reach(0), (height - 2 * margin) / reach(1));
  const metres = SCALES.filter((one) => one * scale < width * 0.4).pop() ?? SCALES[0];
  const at = (point) => { const [x, y] = flat(point); return [round(width / 2 + x * scale), round(height / 2 + y * scale)]; };
  return { height, at, bar: { metres, length: round(metres * scale) } };
}

const round = (number) => Math.round(number * 10) / 10;

// Stops that would be drawn over each other share a mark: [{x, y, stops: [number, …]}].
export function marks(spots, apart) {
  const found = [];
  spots.forEach(([x, y], at) => {
    const near = found.find((one) => Math.hypot(one.x - x, one.y - y) < apart);
    if (near) near.stops.push(at + 1);
    else found.push({ x, y, stops: [at + 1] });
  });
  return found;
}

export const nearest = (found, x, y) => found.reduce((best, one) => (Math.hypot(one.x - x, one.y - y) < Math.hypot(best.x - x, best.y - y) ? one : best));
