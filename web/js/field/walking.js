// Which door after which: a short walk through points, by straight distance. Pure; knows nothing of the app.
const RADIUS = 6371000;
const radians = (degrees) => (degrees * Math.PI) / 180;

// Metres between two points of one town.
export function metres(one, other) {
  const east = radians(other.lon - one.lon) * Math.cos(radians((one.lat + other.lat) / 2));
  return RADIUS * Math.hypot(east, radians(other.lat - one.lat));
}

// The nearest next, then every detour turned round that makes the walk shorter. Begins at `start`, or at the first.
export function walk(points, start) {
  if (points.length < 2) return points;
  const path = nearestNext(start ?? points[0], start ? points : points.slice(1));
  while (turnRound(path));
  return start ? path.slice(1) : path;
}

function nearestNext(first, others) {
  const left = [...others];
  const path = [first];
  while (left.length) {
    const last = path[path.length - 1];
    const next = left.reduce((best, one) => (metres(last, one) < metres(last, best) ? one : best));
    path.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return path;
}

// One pass of 2-opt over an open path whose beginning stays; tells whether anything got shorter.
function turnRound(path) {
  let shorter = false;
  for (let from = 1; from < path.length - 1; from++) {
    for (let to = from + 1; to < path.length; to++) {
      const [before, first, last, after] = [path[from - 1], path[from], path[to], path[to + 1]];
      const saved = metres(before, first) - metres(before, last) + (after ? metres(last, after) - metres(first, after) : 0);
      if (saved < 0.01) continue;
      path.splice(from, to - from + 1, ...path.slice(from, to + 1).reverse());
      shorter = true;
    }
  }
  return shorter;
}

// In walking order, each with the metres from the one before; what has no point comes last.
export function round(places, start) {
  const known = walk(places.filter((place) => place.lon != null && place.lat != null), start);
  const stops = known.map((place, at) => ({ place, far: at || start ? metres(known[at - 1] ?? start, place) : null }));
  return [...stops, ...places.filter((place) => place.lon == null || place.lat == null).map((place) => ({ place, far: null }))];
}
