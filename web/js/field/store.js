// Everything the phone keeps, and the only module that touches IndexedDB. Every write waits until it is on the
// disk (`strict`); a database the browser closed behind our back is opened again. Whatever is written is sealed
// under the lease's key, but for the phone's own keys (`vault`) and what the station alone can open (`outbox`).
import { openDB } from "idb";
import { opened, openedText, shut, shutText } from "./sealing.js";
import { t } from "./words.js";

const NAME = "fengqiao-field";
const STORES = { meta: null, places: "id", matters: "id", visits: "id", photos: "id", logs: "id", ghosts: "id", vault: null, outbox: "id" };
export const PLAIN = ["vault", "outbox"];
export const SEALED = Object.keys(STORES).filter((name) => !PLAIN.includes(name));
const said = "BroadcastChannel" in self ? new BroadcastChannel(NAME) : null;
const listeners = new Set();
let base = null;
let key = null;
// Why the last write is not on the disk; said on every screen until one is.
export const disk = { problem: "" };

export class Locked extends Error {}
export function useKey(fresh) {
  key = fresh;
  known.clear();
}
export const isOpen = () => key !== null;

function keyNow() {
  if (!key) throw new Locked(t("手机已锁"));
  return key;
}

// A picture is sealed beside its row, so that a list of photos need not open them all.
async function hide(name, value, key = keyNow()) {
  if (name === "meta") return shutText(key, value);
  const { blob, ...row } = value;
  const sealed = { id: row.id, ...(await shutText(key, row)) };
  return blob ? { ...sealed, picture: await shut(key, await blob.arrayBuffer()) } : sealed;
}

// What was opened once is not opened again until it is another; it goes with the key.
const known = new Map();
async function rowOf(name, found, opener) {
  const before = known.get(`${name} ${found.id}`);
  if (before && same(before.iv, found.iv)) return before.row;
  const row = await openedText(opener, found);
  if (found.id && opener === key) known.set(`${name} ${found.id}`, { iv: found.iv, row });
  return row;
}

async function show(name, found, whole = true, key = keyNow()) {
  const row = await rowOf(name, found, key);
  if (!found.picture) return row;
  return { ...row, blob: whole ? new Blob([await opened(key, found.picture)], { type: "image/jpeg" }) : true };
}

const seal = (name, value) => (PLAIN.includes(name) ? value : hide(name, value));
const unseal = (name, found, whole) => (PLAIN.includes(name) || found === undefined ? found : show(name, found, whole));

function open() {
  base ??= openDB(NAME, 3, {
    upgrade(db, from) {
      if (from < 2) for (const name of [...db.objectStoreNames]) db.deleteObjectStore(name); // 1 was never released, and not sealed
      for (const [name, keyPath] of Object.entries(STORES)) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, keyPath ? { keyPath } : undefined);
    },
    blocking: () => letGo(),
    terminated: () => (base = null),
  }).catch((error) => {
    base = null;
    throw error;
  });
  return base;
}

async function letGo() {
  (await base)?.close();
  base = null;
}

// A closing connection fails whatever was begun upon it: once more on a fresh one, which those who failed together
// share.
async function within(work) {
  const mine = open();
  try {
    return await work(await mine);
  } catch (error) {
    if (error?.name !== "InvalidStateError") throw error;
    if (base === mine) base = null;
    return work(await open());
  }
}

async function write(work) {
  try {
    const found = await within(work);
    noRoom("");
    return found;
  } catch (error) {
    noRoom(isFull(error) ? t("手机空间不足，没有存下") : t("没有存下：{why}", { why: error?.message ?? "" }));
    throw error;
  }
}

export const isFull = (error) => error?.name === "QuotaExceededError";

function noRoom(problem) {
  if (problem === disk.problem) return;
  disk.problem = problem;
  for (const listener of listeners) listener(["disk"]);
}

export const get = async (store, key) => unseal(store, await within((db) => db.get(store, key)));
export const has = async (store, key) => (await within((db) => db.getKey(store, key))) !== undefined;
// Of a photo this says that there is a picture; `get` brings it.
export const all = async (store) => Promise.all((await within((db) => db.getAll(store))).map((row) => unseal(store, row, false)));

// {store: [value, …]} as it is written.
const sealedAll = (put) => Promise.all(Object.entries(put).map(async ([name, values]) => [name, await Promise.all(values.map((value) => seal(name, value)))]));
const named = async (name, values) => [name, await Promise.all(Object.entries(values).map(async ([key, value]) => [key, await seal(name, value)]))];

// Several changes, all or none: {store: [value, …]} put, {store: [key, …]} removed, stores emptied before; `meta`
// and `vault` by name.
export async function save({ put = {}, remove = {}, empty = [], meta = {}, vault = {} }) {
  const rows = await sealedAll(put);
  const values = (await Promise.all([named("meta", meta), named("vault", vault)])).filter(([, pairs]) => pairs.length);
  const names = new Set([...rows.map(([name]) => name), ...values.map(([name]) => name), ...Object.keys(remove), ...empty]);
  await write(async (db) => {
    const work = db.transaction([...names], "readwrite", { durability: "strict" });
    for (const name of empty) work.objectStore(name).clear();
    for (const [name, keys] of Object.entries(remove)) for (const key of keys) work.objectStore(name).delete(key);
    for (const [name, found] of rows) for (const value of found) lay(work, name, value);
    for (const [name, pairs] of values) for (const [key, value] of pairs) lay(work, name, value, key);
    await work.done;
  });
  tell([...names]);
}

// One row read, changed and written; begun again where another page wrote it meanwhile (sealing takes longer than
// a transaction lives): two tabs cannot overwrite each other. `put`: rows written in the same transaction.
export async function change(store, id, alter, put = {}) {
  const others = await sealedAll(put);
  for (;;) {
    const before = await within((db) => db.get(store, id));
    const after = before && alter(await unseal(store, before));
    if (!after) return after;
    if (await swap(store, id, before, await seal(store, after), others)) {
      tell([store, ...Object.keys(put)]);
      return after;
    }
  }
}

// What becomes of it, the whole transaction says.
const lay = (work, name, ...row) => void work.objectStore(name).put(...row).catch(() => {});
const same = (one, other) => one?.every((byte, at) => byte === other[at]);

const swap = (store, id, before, after, others) =>
  write(async (db) => {
    const work = db.transaction([store, ...others.map(([name]) => name)], "readwrite", { durability: "strict" });
    const now = await work.objectStore(store).get(id);
    const mine = now && same(now.iv, before.iv);
    if (mine) {
      lay(work, store, after);
      for (const [name, rows] of others) for (const row of rows) lay(work, name, row);
    }
    await work.done;
    return mine;
  });

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
  found.photos = await Promise.all(found.photos.map((photo) => (photo.blob ? get("photos", photo.id) : photo)));
  return found;
}

export async function room() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return { usage, quota, kept: (await navigator.storage?.persisted?.()) ?? false };
}

export const askToStay = async () => (await navigator.storage?.persist?.()) ?? false;
