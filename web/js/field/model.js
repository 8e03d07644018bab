// What the screens read: the store's content in memory, read again whenever anything changes.
import { useEffect, useState } from "preact/hooks";
import * as store from "./store.js";

export const model = { ready: false, slice: null, offset: 0, places: [], matters: [], visits: [], logs: [], kinds: {}, words: {} };
const viewers = new Set();
let reading = null;
let again = false;

// Changes that come while reading are read once more afterwards, however many they were.
export async function refresh() {
  if (reading) {
    again = true;
    return reading;
  }
  reading = read();
  await reading;
  reading = null;
  if (again) {
    again = false;
    await refresh();
  }
}

async function read() {
  const [slice, offset, places, matters, visits, logs] = await Promise.all([
    store.get("meta", "slice"), store.get("meta", "offset"), store.all("places"), store.all("matters"), store.all("visits"), store.all("logs"),
  ]);
  const catalogue = slice?.catalogue ?? [];
  const kinds = Object.fromEntries(catalogue.map((kind) => [kind.kind, { ...kind, byName: Object.fromEntries(kind.acts.map((act) => [act.name, act])) }]));
  Object.assign(model, { ready: true, slice: slice ?? null, offset: offset ?? 0, places, matters, visits, logs, kinds });
  for (const viewer of viewers) viewer({});
}

export function useModel() {
  const [, redraw] = useState();
  useEffect(() => {
    viewers.add(redraw);
    return () => viewers.delete(redraw);
  }, []);
  return model;
}

export const redraw = () => viewers.forEach((viewer) => viewer({}));

// The server's time as well as the phone knows it.
export const now = () => Date.now() + model.offset;
export const me = () => model.slice?.frame.me;
export const placeOf = (id) => model.places.find((place) => place.id === id);
export const matterOf = (id) => model.matters.find((matter) => matter.id === id);
