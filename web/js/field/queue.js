// The outbox: photos first, then each visit, in the order they were finished. What is sent was frozen before its
// first sending; nothing is forgotten before the server said it has it.
import { standing } from "./derive.js";
import { device, renew } from "./device.js";
import { bringGhosts } from "./ghosts.js";
import { digest } from "./ids.js";
import { Refused, call } from "./net.js";
import { LINES, photoLines } from "./photo_lines.js";
import { pull } from "./pull.js";
import { answered, isFinal, ownPackets, packetsOf, sendSealed, spare, written } from "./sealed_outbox.js";
import * as store from "./store.js";
import { t } from "./words.js";

const LONGEST_WAIT = 5 * 60_000;
export const status = { running: false, problem: "", signedOut: false, next: 0 };
let timer = 0;
let watcher = () => {};
export const onStatus = (listener) => (watcher = listener);

function say(changes) {
  Object.assign(status, changes);
  watcher();
}

// One page at a time sends, however many are open; the others' wish is fulfilled by the one that does.
export async function sync({ passive = false } = {}) {
  if (!navigator.locks) return run(passive);
  return navigator.locks.request("fengqiao-field-sync", { ifAvailable: passive }, (lock) => (lock ? run(passive) : null));
}

async function run(passive) {
  clearTimeout(timer);
  if (!device.phone) return;
  say({ running: true });
  try {
    await sendSealed();
    if (!store.isOpen()) {
      await call("/field/phone", { passive: true }); // locked or not, it hears when it is to be wiped
      return say({ running: false, problem: "", signedOut: false, next: 0, tries: 0 });
    }
    await renew({ passive });
    await reconcile();
    // First, because it tells the time: what goes out must not claim to be from tomorrow.
    const more = await pull({ passive, parts: 1 });
    const { sent, stuck } = await sendAll();
    if (sent || more) await pull({ passive });
    await tidy();
    await bringGhosts({ passive });
    if (stuck) throw stuck;
    say({ running: false, problem: "", signedOut: false, next: 0, tries: 0 });
  } catch (error) {
    if (error instanceof store.Locked) say({ running: false, problem: "" });
    else later(error);
  }
}

// What went out sealed while the phone could not be read has its answer; and what waits is sealed, should the
// lease end before it is sent.
async function reconcile() {
  for (const packet of await answered()) {
    if (packet.what === "visit" && (await store.get("visits", packet.id))) await settle(packet.id, packet.answer);
    else {
      await store.change("photos", packet.id, (held) => ({ ...held, sent: true }));
      await store.save({ remove: { outbox: [packet.id] } });
    }
  }
  for (const visit of await store.all("visits")) if (visit.state === "waiting") await spare(visit);
}

function later(error) {
  const tries = (status.tries ?? 0) + 1;
  const wait = Math.max((error.after ?? 0) * 1000, Math.min(LONGEST_WAIT, 2000 * 2 ** tries) * (0.7 + 0.6 * Math.random()));
  const signedOut = error instanceof Refused && error.status === 401;
  say({ running: false, problem: error.message, signedOut, tries, next: signedOut ? 0 : Date.now() + wait });
  if (!signedOut) timer = setTimeout(() => sync({ passive: true }), wait);
}

// Read anew for every visit: another one may have been finished meanwhile. The next photos go out behind this visit's
// own: while it is answered, the server has something to draw. A visit that cannot be taken for now (`stuck`: why)
// holds back only those that share a matter with it.
async function sendAll() {
  const me = (await store.get("meta", "slice")).frame.me.id;
  const lines = photoLines();
  const held = new Set();
  let stuck = null;
  try {
    for (let sent = 0; ; ) {
      const waiting = (await store.all("visits")).filter((visit) => visit.state === "waiting" && visit.by === me);
      const free = behind(waiting.sort((one, other) => one.seq - other.seq), held);
      if (!free.length) return { sent, stuck };
      const ahead = free.slice(1).flatMap(photosOf).slice(0, LINES);
      const answers = [...photosOf(free[0]), ...ahead].map(lines.send);
      try {
        await sendOne(free[0], answers.slice(0, photosOf(free[0]).length));
        sent++;
      } catch (error) {
        if (!(await isStuck(free[0].id, error))) throw error;
        held.add(free[0].id);
        stuck = error;
      }
    }
  } finally {
    await lines.close(); // none is still on its way when its visit is tried again
  }
}

// Those that no visit held back comes before on the same matter.
function behind(waiting, held) {
  const barred = new Set();
  return waiting.filter((visit) => {
    const matters = visit.acts.flatMap((act) => act.matter ?? []);
    const free = !held.has(visit.id) && !matters.some((matter) => barred.has(matter));
    if (!free) for (const matter of matters) barred.add(matter);
    return free;
  });
}

// The server heard it and could not take it, so often that it is this visit's own and not the hour's.
export const PATIENCE = 3;
async function isStuck(id, error) {
  if (!(error instanceof Refused) || [401, 429, 503].includes(error.status)) return false;
  const problem = error.problem ?? { detail: error.message };
  const { stuck } = await store.change("visits", id, (held) => ({ ...held, stuck: (held.stuck ?? 0) + 1, problem }));
  return stuck >= PATIENCE;
}

// After all of its photos.
async function sendOne(visit, photos) {
  try {
    await Promise.all(photos);
    const frozen = visit.frozen ? visit : await freeze(visit.id);
    await spare(frozen); // whichever way it goes, it goes with these bytes
    if ((await digest(frozen.frozen)) !== frozen.digest) throw new Refused(0, { detail: t("存储损坏：内容与首次发送时不一致") });
    await settle(frozen.id, await call("/visits", { body: frozen.frozen }));
  } catch (error) {
    await store.change("visits", visit.id, (held) => ({ ...held, tries: (held.tries ?? 0) + 1 }));
    if (!(error instanceof Refused) || !isFinal(error.status)) throw error;
    await store.change("visits", visit.id, (held) => ({ ...held, state: "refused", problem: error.problem ?? { detail: error.message } }));
  }
}

const photosOf = (visit) => visit.photos ?? [];

// From here on its content never changes. The observed time is the phone's, set right by what the server's clock
// said, and never later than that clock now.
async function freeze(id) {
  const now = Date.now() + ((await store.get("meta", "offset")) ?? 0);
  const visit = await store.get("visits", id);
  const acts = await based(visit.acts);
  const frozen = written({ ...visit, acts }, now);
  const mark = await digest(frozen);
  return store.change("visits", id, (held) => (held.frozen ? held : { ...held, acts, frozen, digest: mark }));
}

// Every visit before this one upon the same matters has been answered by now. What was counted as still to come may have arrived after
// all (an answer was lost), or may have moved nothing (it was refused): no act waits for a version that never comes.
async function based(acts) {
  const ahead = new Map();
  const found = [];
  for (const act of acts) {
    const matter = act.matter && (await store.get("matters", act.matter));
    const before = ahead.get(act.matter) ?? 0;
    ahead.set(act.matter, before + 1);
    found.push(matter ? { ...act, base: Math.min(act.base, matter.version + before) } : act);
  }
  return found;
}

// Words about people stay on the phone only as long as they are its alone; what was refused is mended here.
const told = ({ asks, items, known, given, ...act }) => (act.result === "refused" ? { ...act, asks, items, known, given } : act);

// What the server has, with its receipt.
async function settle(id, answer) {
  const results = new Map(answer.acts.map((act) => [act.key, act]));
  const state = ["refused", "question"].find((bad) => answer.acts.some((act) => act.result === bad)) ?? "sent";
  const visit = await store.change("visits", id, (held) => ({
    ...held,
    state,
    receipt: answer.receipt,
    received_at: answer.received_at,
    problem: null,
    frozen: null,
    acts: held.acts.map((act) => told({ ...act, result: results.get(act.key)?.result, problem: results.get(act.key)?.problem })),
  }));
  await store.save({ remove: { outbox: packetsOf(visit) } });
  for (const act of visit.acts) {
    if (act.matter && act.result === "done") await store.change("matters", act.matter, (held) => moved(held, act));
  }
}

// Until the next slice says so itself.
const moved = (matter, act) => ({ ...matter, version: Math.max(matter.version, (act.base ?? 0) + 1), stages: standing(matter, [act]).stages });

const DAY = 86_400_000;
// Days a visit stays on the phone by its state, from when it was finished or begun; a card's log as long as what arrived.
const ENDS = { sent: 14, question: 14, replaced: 14, refused: 30, draft: 30 };
const delivered = (visit) => ["sent", "question", "replaced"].includes(visit?.state);
const isOver = ({ state, seq, began }) => (seq || began) < Date.now() - ENDS[state] * DAY;

// What the server has need not lie on the phone: pictures go at once, visits after two weeks; what nobody goes on with
// does not lie there for ever.
async function tidy() {
  const sealed = await ownPackets(); // before the visits: one finished meanwhile keeps its own
  const [visits, photos, logs] = await Promise.all(["visits", "photos", "logs"].map((name) => store.all(name)));
  const over = visits.filter(isOver).map((visit) => visit.id);
  const living = new Map(visits.filter((visit) => !over.includes(visit.id)).map((visit) => [visit.id, visit]));
  const through = photos.filter((photo) => photo.blob && photo.sent && delivered(living.get(photo.visit)));
  const ended = photos.filter((photo) => !living.has(photo.visit)).map((photo) => photo.id);
  const cards = logs.filter((log) => log.began < Date.now() - ENDS.sent * DAY).map((log) => log.id);
  const needed = new Set(visits.filter((visit) => visit.state === "waiting").flatMap(packetsOf));
  const copies = sealed.filter((id) => !needed.has(id)); // a page may have ended before it let them go
  if (![over, through, ended, cards, copies].some((found) => found.length)) return;
  await store.save({ put: { photos: through.map(({ blob: _, ...photo }) => photo) }, remove: { visits: over, photos: ended, logs: cards, outbox: copies } });
}

export function keepTrying() {
  const now = () => sync({ passive: true });
  addEventListener("online", () => sync());
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  setInterval(() => document.hidden || !navigator.onLine || now(), 60_000);
  return sync();
}
