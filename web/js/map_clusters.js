// Points that would lie upon each other on the screen are drawn as one: a grid of 44 pixels at this zoom.
const CELL = 44;

export function clustered(map, features) {
  const cells = new Map();
  for (const feature of features) {
    const [lon, lat] = feature.geometry.coordinates;
    const { x, y } = map.project([lat, lon]);
    const cell = `${Math.floor(x / CELL)}:${Math.floor(y / CELL)}`;
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell).push(feature);
  }
  return [...cells.values()].map((members) => ({ members, at: middle(members) }));
}

function middle(members) {
  const sum = members.reduce(([a, b], { geometry: { coordinates: [lon, lat] } }) => [a + lat, b + lon], [0, 0]);
  return sum.map((part) => part / members.length);
}
