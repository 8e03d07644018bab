// What the screens read: the store's content in memory, read again whenever anything changes.
import { useEffect, useState } from "preact/hooks";
import * as store from "./store.js";
import { speak } from "./words.js";

// `ready`: everything was read at least once since the phone was opened.
export const model = { ready: false, slice: null, offset: 0, places: [], matters: [], visits: [], logs: [], kinds: {}, packets: [] };
const viewers = new Set();
const ALL = ["meta", "places", "matters", "visits", "logs", "outbox"];
const stale = new Set();
let reading = null;

// Only what changed is read anew; changes that come while reading are read right after.
export function refresh(names = ALL) {
  for (const name of names) stale.add(name);
  reading ??= (async () => {
    try {
      while (stale.size) await read();
    } finally {
      reading = null;
    }
  })();
  return reading;
}

async function read() {
  const ready = store.isOpen();
  const names = [...stale];
  stale.clear();
  const found = await Promise.all(names.map((name) => READ[name]?.() ?? {}));
  Object.assign(model, { ready }, ...found);
  redraw();
}

const rowsOf = (name) => async () => (store.isOpen() ? { [name]: await store.all(name) } : {});
const READ = {
  meta: async () => (store.isOpen() ? settings() : {}),
  ...Object.fromEntries(["places", "matters", "visits", "logs"].map((name) => [name, rowsOf(name)])),
  outbox: async () => ({ packets: (await store.all("outbox")).filter((one) => !one.answer).map(({ data: _, ...one }) => one) }),
};

// The phone was locked: nothing personal stays in memory.
export function forget() {
  Object.assign(model, { ready: false, slice: null, places: [], matters: [], visits: [], logs: [], kinds: {} });
  redraw();
}

async function settings() {
  const [slice, offset] = await Promise.all([store.get("meta", "slice"), store.get("meta", "offset")]);
  await speak(slice?.frame.language);
  const kinds = (slice?.catalogue ?? []).map((kind) => [kind.kind, { ...kind, byName: Object.fromEntries(kind.acts.map((act) => [act.name, act])) }]);
  return { slice: slice ?? null, offset: offset ?? 0, kinds: Object.fromEntries(kinds) };
}

export function useModel() {
  const [, redraw] = useState();
  useEffect(() => {
    viewers.add(redraw);
    redraw({}); // something may have been read before anybody listened
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
