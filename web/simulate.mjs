// The phone's sync core in deterministic simulation: its real scripts (queue.js, visits.js, pull.js and what they need)
// over a store in memory and a model of the server, by seeds. `node simulate.mjs [count] [first seed]`; a seed that fails
// is printed with what broke, and fails again the same way.
//
// Each seed is a day: several matters, two tabs that die at any write or call, lost questions, lost answers, 5xx, a
// visit the server never takes until the end, others who move and close the same matters. At the end the line is whole,
// and everything finished must be at the server once, in its order, as it was frozen first.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

const SKEW = 5 * 60_000; // as the server lets a device run ahead
const DAY = Date.parse("2022-05-10T08:00:00+08:00");
// What touches the disk, the line, the ciphers or the clock is the simulation's own.
const OURS = {
  store: "export const { get, has, all, save, change, watch, isOpen, isFull, disk, Locked } = globalThis.SIMULATED.store;",
  net: "export const { call, Refused, Unreached } = globalThis.SIMULATED;",
  ids: "export const { uuid7, digest } = globalThis.SIMULATED;",
  device: "export const device = { phone: { id: 'p' }, leased: true, open: true }; export const renew = async () => {};",
  sealing: "export const forStation = async (phone, what, id) => ({ head: { phone: phone.id, id }, data: what });",
};
const ENTRY = `
  export { sync } from "./js/field/queue.js";
  export { begin, answer, filled, finish, redo } from "./js/field/visits.js";
  export { model, refresh } from "./js/field/model.js";`;

const stubs = {
  name: "stubs",
  setup({ onLoad }) {
    onLoad({ filter: /js\/field\/(store|net|ids|device|sealing)\.js$/ }, ({ path }) => ({ contents: OURS[path.match(/(\w+)\.js$/)[1]] }));
  },
};

async function core() {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const made = await build({ stdin: { contents: ENTRY, resolveDir: here }, bundle: true, write: false, format: "iife", globalName: "core", loader: { ".js": "jsx" }, jsx: "automatic", jsxImportSource: "preact", plugins: [stubs], logLevel: "warning" });
  return new Function("navigator", "document", "localStorage", "setTimeout", "clearTimeout", "addEventListener", `${made.outputFiles[0].text}; return core;`);
}

// mulberry32: small, and the same everywhere.
function dice(seed) {
  let state = seed;
  const next = () => {
    let mixed = (state = (state + 0x6d2b79f5) | 0);
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, chance: (part) => next() < part, below: (count) => Math.floor(next() * count), one: (list) => list[Math.floor(next() * list.length)] };
}

const copy = (row) => (row === undefined ? undefined : { ...JSON.parse(JSON.stringify(row)), ...(row.blob && { blob: row.blob }) });
const sha = (text) => createHash("sha256").update(text).digest("hex");
const must = (holds, says) => {
  if (!holds) throw new Error(says);
};

class Unreached extends Error {}
class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? String(status));
    Object.assign(this, { status, problem, after: 0 });
  }
}

// What the server promises (contract.md of the API): one id once, one key once, a base never ahead of its matter.
class Server {
  constructor(luck) {
    Object.assign(this, { luck, matters: new Map(), visits: new Map(), keys: new Map(), photos: new Set(), log: [], never: new Set(), broken: [], whole: false });
  }

  slice() {
    const matters = [...this.matters.values()].filter((matter) => !matter.closed);
    const act = { name: "note", says: "备注", asks: { properties: { note: { type: "string" }, photos: { type: "array" } } }, from_stages: ["open"], to: [], levels: [], grave: false };
    const catalogue = [{ kind: "k", says: "k", stages: { open: "open" }, closed: [], levels: {}, intake: null, acts: [act] }];
    const frame = { me: { id: "me", name: "me" }, language: "zh-hans", people: [], communities: [], cards: [] };
    return { cursor: "c", now: new Date(clock.at).toISOString(), whole: true, more: false, frame, catalogue, sheets: {}, places: [], gone_places: [], matters: matters.map((one) => ({ ...one })), gone: [], questions: [] };
  }

  visit(text) {
    const visit = JSON.parse(text);
    const before = this.visits.get(visit.id);
    if (before) must(before.digest === sha(text), `visit ${visit.id} came again with other content`);
    const names = visit.acts.flatMap((act) => act.given.photos ?? []);
    must(names.every((photo) => this.photos.has(photo)), `visit ${visit.id} came before its photos`);
    must(Date.parse(visit.observed_at) <= clock.at + SKEW, `visit ${visit.id} claims to be from tomorrow`);
    if (before) return { ...before.answer, acts: before.answer.acts.map((act) => ({ ...act, result: act.result === "done" ? "repeated" : act.result })) };
    const ahead = new Map(); // of a matter, how many acts of this visit did not move it
    const acts = visit.acts.map((act) => ({ key: act.key, result: this.act(visit, act, ahead), problem: null }));
    const answer = { receipt: `r-${visit.id}`, received_at: new Date(clock.at).toISOString(), acts };
    this.visits.set(visit.id, { digest: sha(text), answer });
    return answer;
  }

  act(visit, { key, matter: id, base }, ahead) {
    must(!this.keys.has(key), `act ${key} came under two visits`);
    const matter = this.matters.get(id);
    const still = ahead.get(id) ?? 0;
    must(matter.closed || base <= matter.version + still, `act ${key} waits for version ${base} of ${id}, which stands at ${matter.version}`);
    const result = matter.closed || base > matter.version || this.luck.chance(0.05) ? "question" : this.luck.chance(0.05) ? "refused" : "done";
    if (result === "done") matter.version++;
    else ahead.set(id, still + 1);
    this.keys.set(key, visit.id);
    this.log.push({ matter: id, visit: visit.id });
    return result;
  }

  // One call: it may get lost there, be refused, or be heard and its answer lost.
  call(path, body) {
    const luck = this.luck.next();
    if (!this.whole && luck < 0.1) throw new Unreached("lost");
    if (!this.whole && luck < 0.2) throw new Refused(this.luck.one([500, 502, 503, 429, 403, 404]), null);
    if (path === "/visits" && this.never.has(JSON.parse(body).id)) throw new Refused(500, null);
    let told = null;
    if (path === "/photos") this.photos.add(body.get("id"));
    else told = path === "/visits" ? this.visit(body) : this.slice();
    if (!this.whole && luck > 0.88) throw new Unreached("answer lost");
    return JSON.parse(JSON.stringify(told));
  }
}

const clock = { at: DAY };
Date.now = () => clock.at;

// One phone's disk, shared by its tabs; what is written stays.
const disk = () => Object.fromEntries(["meta", "places", "matters", "visits", "photos", "logs", "ghosts", "outbox"].map((name) => [name, new Map()]));

// A tab: its own copy of the core. It dies at any write or call; what it would have done next never happens.
function tab(make, world) {
  const { luck, server, rows } = world;
  const me = { dead: false };
  const over = new Promise((died) => (me.died = died));
  const moment = async () => {
    for (let left = luck.below(4); left; left--) await null;
    if (!me.dead && !world.calm && luck.chance(0.004)) {
      me.dead = true;
      me.died("died");
    }
    if (me.dead) await new Promise(() => {});
  };
  const doing = (work) => async (...asked) => {
    await moment();
    const found = work(...asked);
    await moment();
    return found;
  };
  const put = (name, value, key = value.id) => rows[name].set(key, copy(value));
  const store = {
    Locked: class extends Error {}, disk: { problem: "" }, isOpen: () => true, isFull: () => false, watch: () => {},
    get: doing((name, key) => copy(rows[name].get(key))),
    has: doing((name, key) => rows[name].has(key)),
    all: doing((name) => [...rows[name].values()].map(copy)),
    save: doing(({ put: puts = {}, remove = {}, empty = [], meta = {} }) => {
      for (const name of empty) rows[name].clear();
      for (const [name, keys] of Object.entries(remove)) for (const key of keys) rows[name].delete(key);
      for (const [name, values] of Object.entries(puts)) for (const value of values) put(name, value);
      for (const [key, value] of Object.entries(meta)) put("meta", typeof value === "object" ? value : { value }, key);
    }),
    change: doing((name, id, alter, puts = {}) => {
      const before = copy(rows[name].get(id));
      const after = before && alter(before);
      if (after) put(name, after);
      if (after) for (const [other, values] of Object.entries(puts)) for (const value of values) put(other, value);
      return after;
    }),
  };
  const get = store.get;
  store.get = async (name, key) => ((found) => (name === "meta" && found && "value" in found ? found.value : found))(await get(name, key));
  const call = doing((path, { body } = {}) => {
    try {
      return server.call(path.split("?")[0], body);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreached)) server.broken.push(error); // the phone would only try again
      throw error;
    }
  });
  globalThis.SIMULATED = { store, call, Refused, Unreached, uuid7: () => `${(world.ids++).toString().padStart(6, "0")}`, digest: async (text) => sha(text) };
  const core = make({ locks: world.share(over), onLine: true }, { getElementById: () => null, documentElement: {} }, {}, () => 0, () => {}, () => {});
  return { core, me, over };
}

// As the browser gives them out: one page at a time, and a dead page lets go.
function locks() {
  let last = Promise.resolve();
  let held = 0;
  return (over) => ({
    request: (name, asked, work) => {
      if (asked.ifAvailable && held) return work(null);
      held++;
      const turn = last.then(() => Promise.race([work({}), over])).finally(() => held--);
      last = turn.catch(() => {});
      return turn;
    },
  });
}

async function day(make, seed) {
  clock.at = DAY;
  const luck = dice(seed);
  const server = new Server(luck);
  const world = { luck, server, rows: disk(), ids: 1, calm: false, share: locks() };
  const finished = new Map(); // visit id -> its first frozen content, once there is one
  for (let count = 2 + luck.below(4); count; count--) server.matters.set(`m${count}`, { id: `m${count}`, kind: "k", number: `${count}`, title: "t", stage: "open", version: 1, may_not: [], clocks: [], place: null });
  const fresh = () => tab(make, world);
  const tabs = [fresh(), fresh()];
  // Whatever a page does ends with the page; another is opened in its place.
  const as = async (at, work) => {
    if (tabs[at].me.dead) tabs[at] = fresh();
    const { core, over } = tabs[at];
    return Promise.race([work(core), over]);
  };
  const ids = (state) => [...world.rows.visits.values()].filter((visit) => visit.state === state).map((visit) => visit.id);

  const write = async (core) => {
    await core.refresh();
    const matter = luck.one(core.model.matters);
    if (!matter) return;
    const [visit, key] = await core.begin({ matter, act: core.model.kinds.k.byName.note });
    await core.answer(visit, key, ["note"], `n${world.ids++}`);
    if (luck.chance(0.4)) {
      const photo = { id: `ph${world.ids++}`, visit, kind: "photo", blob: new Blob(["jpeg"]) };
      world.rows.photos.set(photo.id, photo);
      const held = world.rows.visits.get(visit);
      if (held?.state === "draft") world.rows.visits.set(visit, { ...held, photos: [...held.photos, photo.id] });
      await core.answer(visit, key, ["photos"], [photo.id]);
    }
    await core.filled(visit, key);
    await core.finish(visit);
  };
  const others = () => {
    const matter = luck.one([...server.matters.values()]);
    if (luck.chance(0.15)) matter.closed = true;
    else matter.version++;
  };

  server.whole = true;
  await as(0, (core) => core.sync());
  server.whole = false;
  for (let step = 0; step < 24; step++) {
    clock.at += 60_000 + luck.below(480_000);
    const at = luck.below(2);
    const what = luck.next();
    if (what < 0.45) await as(at, write);
    else if (what < 0.8) await as(at, (core) => core.sync({ passive: luck.chance(0.5) }));
    else if (what < 0.9) await Promise.all([as(0, (core) => core.sync()), as(1, (core) => core.sync())]);
    else if (what < 0.95) others();
    else if (ids("waiting").length) server.never.add(luck.one(ids("waiting")));
    for (const visit of world.rows.visits.values()) {
      if (visit.state === "draft") continue;
      const first = finished.get(visit.id);
      if (visit.frozen && first) must(visit.frozen === first, `visit ${visit.id} was frozen twice`);
      finished.set(visit.id, first ?? visit.frozen ?? "");
    }
  }

  // The line is whole: what the server never takes holds back nothing but its own matters.
  Object.assign(world, { calm: true });
  server.whole = true;
  for (let count = 0; count < 30; count++) await as(0, (core) => core.sync());
  if (server.broken.length) throw server.broken[0];
  const waiting = ids("waiting").map((id) => world.rows.visits.get(id));
  const barred = new Set(waiting.filter((visit) => server.never.has(visit.id)).flatMap((visit) => visit.acts.map((act) => act.matter)));
  for (const visit of waiting) must(visit.acts.some((act) => barred.has(act.matter)), `visit ${visit.id} is held back by nothing of its own`);
  server.never.clear();
  for (let count = 0; count < 3; count++) await as(0, (core) => core.sync());

  must(ids("waiting").length === 0, `left waiting: ${ids("waiting")}`);
  must(world.rows.outbox.size === 0, `sealed copies outlived their visits: ${[...world.rows.outbox.keys()]}`);
  for (const id of finished.keys()) {
    const visit = world.rows.visits.get(id);
    const there = server.visits.get(id);
    must(there, `visit ${id} was lost (${visit?.state})`);
    must(visit.receipt === there.answer.receipt, `visit ${id} does not bear its receipt`);
    must(!finished.get(id) || sha(finished.get(id)) === there.digest, `visit ${id} arrived as something else`);
    for (const act of visit.acts) must(server.keys.get(act.key) === id, `act ${act.key} was lost`);
  }
  for (const [matter] of server.matters) {
    const order = server.log.filter((row) => row.matter === matter).map((row) => world.rows.visits.get(row.visit).seq);
    must(order.every((seq, at) => !at || order[at - 1] <= seq), `the acts on ${matter} arrived in another order`);
  }
  return finished.size;
}

const [count = 1000, first = 1] = process.argv.slice(2).map(Number);
const make = await core();
const uncaught = [];
process.on("unhandledRejection", (error) => uncaught.push(error));
let visits = 0;
for (let seed = first; seed < first + count; seed++) {
  try {
    visits += await day(make, seed);
    if (uncaught.length) throw uncaught[0];
  } catch (error) {
    console.log(`seed ${seed}: ${error.stack}`);
    process.exit(1);
  }
}
console.log(`${count} seeds, ${visits} visits`);
process.exit(0);
