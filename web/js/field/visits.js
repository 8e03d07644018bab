// A visit while it is written: every answer is on the disk before the next one.
import { now, matterOf, me, model, placeOf, redraw, refresh } from "./model.js";
import { pending, standing } from "./derive.js";
import { uuid7 } from "./ids.js";
import * as store from "./store.js";
import { questions, valueAt, withValue } from "./questions.js";
import { onlyAsked } from "./sheet_rules.js";
import { sync } from "./queue.js";
import { isLate, packetsOf, spare } from "./sealed_outbox.js";
import { t } from "./words.js";

// The draft for this door, or a fresh one: one knock carries the acts for every matter there.
async function draftFor({ place, matter }) {
  const fits = (visit) => visit.state === "draft" && visit.by === me().id && (place ? visit.place === place : visit.about === matter);
  const found = (await store.all("visits")).find(fits);
  if (found) return { ...found, begun: true };
  const title = place ? placeOf(place)?.name : matterOf(matter)?.title;
  return { id: uuid7(), by: me().id, state: "draft", seq: 0, place: place ?? null, about: matter ?? null, title, began: now(), acts: [], photos: [] };
}

// Into what is on the disk by then: another act may just have been begun or left there.
async function add({ begun, ...visit }, made) {
  if (begun) await store.change("visits", visit.id, (held) => ({ ...held, title: held.title ?? visit.title, acts: [...held.acts, made] }));
  else await store.save({ put: { visits: [{ ...visit, acts: [made] }] } });
}

// Begins (or goes on with) one act; gives the addresses of its form. The form keeps the shape it began with. An act is
// `untouched` until something in it is answered: it goes with its form, and nothing waits for it.
// `log`: the card's log it writes down, which is `given`; such a note is never mixed with another.
export async function begin({ matter, act, log, given = {}, place = matter?.place?.id }) {
  const visit = await draftFor({ place, matter: matter?.id });
  const before = visit.acts.find((one) => one.matter === matter.id && one.act === act.name && one.log === log && !one.done);
  const sheet = matter.sheets?.[act.name];
  const made = before ?? {
    key: uuid7(), matter: matter.id, kind: matter.kind, title: matter.title, number: matter.number, act: act.name, says: act.says,
    asks: act.asks, leads: act.to, given, done: false, log, untouched: !log,
    ...(sheet && { items: model.slice.sheets[sheet.sheet], known: sheet.known }),
  };
  if (!before) await add(visit, made);
  return [visit.id, made.key];
}

export async function beginRaising({ kind, place }) {
  const visit = await draftFor({ place, matter: `raise:${kind.kind}` });
  const asksPlace = Object.entries(kind.intake.properties).find(([, asked]) => asked["x-source"] === "premises");
  const given = place && asksPlace ? { [asksPlace[0]]: place } : {};
  const made = { key: uuid7(), matter: null, kind: kind.kind, title: kind.says, act: "", says: t("登记{kind}", { kind: kind.says }), asks: kind.intake, given, done: false, untouched: true };
  await add({ ...visit, title: visit.title ?? kind.says }, made);
  return [visit.id, made.key];
}

const changeAct = (id, key, alter) =>
  store.change("visits", id, (visit) =>
    visit.state === "draft" ? { ...visit, acts: visit.acts.map((act) => (act.key === key ? { ...act, ...alter(act) } : act)) } : undefined,
  );

// One answer at a time, so that the same form in two tabs keeps what was typed in either. While one is being
// written the next ones wait, and of several for one question only the last is written. What finds no room on the
// disk is wanted still, and tried again.
const AGAIN = 3000;
const wanted = new Map();
let writing = null;
export const isKept = () => !wanted.size;

function inTurn(name, write) {
  wanted.set(name, write);
  return written();
}

// Gives whether everything typed is on the disk.
export const written = () => (writing ??= writeAll().finally(() => (writing = null)));

async function writeAll() {
  try {
    while (wanted.size) {
      const [name, write] = wanted.entries().next().value;
      await write();
      if (wanted.get(name) === write) wanted.delete(name);
    }
  } catch (error) {
    if (error instanceof store.Locked) wanted.clear(); // nothing typed stays in memory
    else setTimeout(() => wanted.size && written().then(redraw), AGAIN);
  }
  return isKept();
}

export const answer = (id, key, path, value) =>
  inTurn(`${id} ${key} ${path.join(".")}`, () => changeAct(id, key, (act) => ({ given: withValue(act.given, path, value), done: false, untouched: false })));
// What is said of the visit itself: its time and why it is told late, its point. Each alone, so that none undoes another.
export const note = (id, name, value) =>
  inTurn(`${id} ${name}`, () => store.change("visits", id, (visit) => (visit.state === "draft" ? { ...visit, [name]: value } : undefined)));
export const filled = (id, key) => changeAct(id, key, () => ({ done: true, untouched: false }));
export const dropAct = (id, key) =>
  store.change("visits", id, (visit) => (visit.state === "draft" ? { ...visit, acts: visit.acts.filter((act) => act.key !== key) } : undefined));
// Its form was left. Whatever is still on its way to the disk comes first.
export async function leave(id, key) {
  if (!(await written())) return;
  await store.change("visits", id, (held) => {
    const acts = held.acts.filter((act) => act.key !== key || !act.untouched);
    return held.state === "draft" && acts.length < held.acts.length ? { ...held, acts } : undefined;
  });
}
export const discard = (visit) => store.save({ remove: { visits: [visit.id], photos: visit.photos } });

// Into the outbox: each act upon the version its matter will have then.
export async function finish(id) {
  await refresh(); // what was finished a moment ago counts before this
  const seq = now();
  let unnamed = [];
  const visit = await store.change("visits", id, (held) => {
    if (held.state !== "draft") return undefined;
    const done = finished(held, seq);
    unnamed = held.photos.filter((photo) => !done.photos.includes(photo));
    return done;
  });
  if (!visit) return;
  if (unnamed.length) await store.save({ remove: { photos: unnamed } });
  await spare(visit);
  sync();
}

function finished(visit, seq) {
  const acts = explained(visit.acts.filter((act) => !act.untouched)).map((act) => ({ ...act, given: complete(act) }));
  const ahead = new Map();
  const based = acts.map((act) => {
    const matter = act.matter && matterOf(act.matter);
    if (!matter) return { ...act, done: true };
    const made = ahead.get(act.matter) ?? [];
    ahead.set(act.matter, [...made, act]);
    return { ...act, done: true, base: standing(matter, [...pending(act.matter, visit.id), ...made]).version };
  });
  const named = JSON.stringify(acts.map((act) => act.given));
  const photos = visit.photos.filter((photo) => named.includes(photo));
  return { ...visit, state: "waiting", seq, observed_at: isLate(visit) ? visit.back_at : visit.done_at ?? now(), acts: based, photos };
}

// One knock, one reason: every act done at the door brings it, in whichever order they are judged.
function explained(acts) {
  const reason = acts.map((act) => act.given.knock_reason).find(Boolean);
  return reason ? acts.map((act) => (act.asks?.properties?.knock_reason ? { ...act, given: { ...act.given, knock_reason: reason } } : act)) : acts;
}

// A checklist goes out with what was known and not changed, and without what is not asked.
function complete(act) {
  const sheet = act.items && questions(act.asks).find((question) => question.widget === "sheet");
  return sheet ? withValue(act.given, sheet.path, onlyAsked(act.items, valueAt(act.given, sheet.path) ?? act.known ?? {})) : act.given;
}

// Not sent yet: it can be taken back. Refused: what was refused begins anew, under fresh keys.
export const takeBack = async (id) => {
  await store.save({ remove: { outbox: packetsOf(await store.get("visits", id)) } });
  return store.change("visits", id, (visit) => (visit.state === "waiting" && !visit.frozen ? { ...visit, state: "draft", stuck: 0, problem: null, acts: visit.acts.filter((act) => act.asks) } : undefined));
};

// In the form the station asks today: what of the answers it still asks stays. The photos named go with it, and to the
// server once more, which keeps none that belong to nothing.
export async function redo(visit) {
  const all = !visit.receipt;
  const acts = visit.acts.filter((act) => act.asks && (all || act.result === "refused")).map(anew);
  const named = JSON.stringify(acts.map((act) => act.given));
  const photos = visit.photos.filter((photo) => named.includes(photo));
  const fresh = {
    ...visit, id: uuid7(), state: "draft", seq: 0, began: now(), frozen: null, digest: null, receipt: null, problem: null, tries: 0, stuck: 0,
    done_at: visit.observed_at, acts, photos,
  };
  const rows = await Promise.all(photos.map((photo) => store.get("photos", photo)));
  const left = visit.photos.filter((photo) => !photos.includes(photo));
  await store.save({
    put: { visits: [fresh, { ...visit, state: "replaced", photos: left }], photos: rows.filter(Boolean).map((row) => ({ ...row, visit: fresh.id, sent: false })) },
  });
  return fresh.id;
}

function anew(act) {
  const kind = model.kinds[act.kind];
  const asks = (act.matter ? kind?.byName[act.act]?.asks : kind?.intake) ?? act.asks;
  const sheet = act.matter && matterOf(act.matter)?.sheets?.[act.act];
  const stays = questions(asks).filter((question) => !question.heading && valueAt(act.given, question.path) !== undefined);
  const given = stays.reduce((kept, { path }) => withValue(kept, path, valueAt(act.given, path)), {});
  return {
    ...act, key: uuid7(), asks, given, done: false, result: undefined, problem: undefined,
    ...(sheet && { items: model.slice.sheets[sheet.sheet], known: sheet.known }),
  };
}
