// Everything the phone keeps, and the only module that touches IndexedDB. Every write waits until it is on the
// disk (`strict`); a database the browser closed behind our back is opened again.
import { openDB } from "idb";

const NAME = "fengqiao-field";
const STORES = { meta: null, places: "id", matters: "id", visits: "id", photos: "id", logs: "id" };
const said = "BroadcastChannel" in self ? new BroadcastChannel(NAME) : null;
const listeners = new Set();
let opened = null;

function open() {
  opened ??= openDB(NAME, 1, {
    upgrade(db) {
      for (const [name, keyPath] of Object.entries(STORES)) db.createObjectStore(name, keyPath ? { keyPath } : undefined);
    },
    blocking: () => shut(),
    terminated: () => (opened = null),
  }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function shut() {
  (await opened)?.close();
  opened = null;
}

// A closing connection fails its first transaction: once more on a fresh one.
async function within(work) {
  try {
    return await work(await open());
  } catch (error) {
    if (error?.name !== "InvalidStateError") throw error;
    opened = null;
    return work(await open());
  }
}

export const get = (store, key) => within((db) => db.get(store, key));
export const all = (store) => within((db) => db.getAll(store));

// Several changes, all or none: {store: [value, …]} put, {store: [key, …]} removed, stores emptied before.
export async function save({ put = {}, remove = {}, empty = [], meta = {} }) {
  const names = new Set([...Object.keys(put), ...Object.keys(remove), ...empty, ...(Object.keys(meta).length ? ["meta"] : [])]);
  await within(async (db) => {
    const work = db.transaction([...names], "readwrite", { durability: "strict" });
    for (const name of empty) work.objectStore(name).clear();
    for (const [name, keys] of Object.entries(remove)) for (const key of keys) work.objectStore(name).delete(key);
    for (const [name, values] of Object.entries(put)) for (const value of values) work.objectStore(name).put(value);
    for (const [key, value] of Object.entries(meta)) work.objectStore("meta").put(value, key);
    await work.done;
  });
  tell([...names]);
}

// One row read, changed and written in one transaction: two tabs cannot overwrite each other.
export async function change(store, key, alter) {
  const changed = await within(async (db) => {
    const work = db.transaction(store, "readwrite", { durability: "strict" });
    const before = await work.store.get(key);
    const after = before && alter(before);
    if (after) work.store.put(after);
    await work.done;
    return after;
  });
  if (changed) tell([store]);
  return changed;
}

function tell(names) {
  for (const listener of listeners) listener(names);
  said?.postMessage(names);
}

// Called with the names of what changed, by this page or another.
export function watch(listener) {
  listeners.add(listener);
  said?.addEventListener("message", ({ data }) => listener(data));
}

// The whole database as plain values, for the last resort file.
export async function everything() {
  const found = {};
  for (const name of ["visits", "photos", "logs"]) found[name] = await all(name);
  return found;
}

export async function room() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return { usage, quota, kept: (await navigator.storage?.persisted?.()) ?? false };
}

export const askToStay = async () => (await navigator.storage?.persist?.()) ?? false;
