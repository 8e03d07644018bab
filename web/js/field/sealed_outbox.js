// Beside every visit that waits, and its photos, lies a copy that the station alone can open, signed by this phone:
// when the lease has ended, or the phone was wiped, it is still sent, by whoever signs in here, and read by nobody.
import { device } from "./device.js";
import { digest } from "./ids.js";
import { Refused, call } from "./net.js";
import { forStation } from "./sealing.js";
import * as store from "./store.js";

// Sending the same again can change these; anything else the server will say for ever.
export const isFinal = (code) => ![401, 403, 404, 408, 425, 429].includes(code) && code < 500;

// Done earlier than written down, and said why.
export const isLate = (visit) => Boolean(visit.back_at && visit.back_why);

// A visit as the server is told it.
export const written = (visit, now) =>
  JSON.stringify({
    id: visit.id,
    place: visit.place,
    ...(visit.point && { point: visit.point }),
    observed_at: new Date(Math.min(visit.observed_at, now)).toISOString(),
    with: visit.team ?? [],
    ...(isLate(visit) && { late_because: visit.back_why }),
    acts: visit.acts.map(({ key, matter, kind, act, given, base }) =>
      matter ? { key, matter, act, given, base } : { key, raise: { kind }, given },
    ),
  });

export const packetsOf = (visit) => [visit.id, ...visit.photos];

// Sealed anew only where its content is another: what is frozen stays the same bytes inside.
async function cover(visit) {
  const body = visit.frozen ?? written(visit, Date.now() + ((await store.get("meta", "offset")) ?? 0));
  const mark = await digest(visit.frozen ?? JSON.stringify(visit.acts));
  const before = await store.get("outbox", visit.id);
  const fresh = before?.mark === mark || before?.answer ? [] : [{ ...(await packet("visit", visit.id, [body])), seq: visit.seq, mark }];
  for (const id of visit.photos) {
    const photo = (await store.has("outbox", id)) ? null : await store.get("photos", id);
    if (!photo?.blob || photo.sent) continue;
    const { kind, taken_at, lon, lat, accuracy } = photo;
    fresh.push({ ...(await packet("photo", id, [JSON.stringify({ id, kind, taken_at, lon, lat, accuracy }), "\n", photo.blob])), seq: visit.seq });
  }
  // Another page may have sent it meanwhile: then it needs no copy.
  if (fresh.length) await store.change("visits", visit.id, (held) => (held.state === "waiting" ? held : undefined), { outbox: fresh });
}

// The copy is a second one: where there is no room for it, the first is sent all the same, and makes room.
export const spare = (visit) =>
  cover(visit).catch((error) => {
    if (!store.isFull(error)) throw error;
  });

const packet = async (what, id, parts) => ({ id, what, ...(await forStation(device.phone, what, id, parts)) });

export const packets = async () => (await store.all("outbox")).filter((one) => !one.answer);
export const answered = async () => (await store.all("outbox")).filter((one) => one.answer);

export const ownPackets = async () => (await packets()).filter((one) => one.head.phone === device.phone.id).map((one) => one.id);

// While this phone's lease holds, its own go the ordinary way, readable; those of before a wipe go at once.
export async function sendSealed() {
  const due = (await packets()).filter((one) => !one.problem && (!device.leased || one.head.phone !== device.phone.id));
  const rank = (one) => (one.what === "photo" ? 0 : 1);
  for (const one of due.sort((a, b) => a.seq - b.seq || rank(a) - rank(b))) await carry(one);
}

async function carry(one) {
  const form = new FormData();
  for (const [name, value] of Object.entries(one.head)) form.append(name, value);
  form.append("file", new Blob([one.data]), "sealed");
  try {
    await keepAnswer(one, await call(`/${one.what}s/sealed`, { body: form, seconds: 120 }));
  } catch (error) {
    if (!(error instanceof Refused) || !isFinal(error.status)) throw error;
    await store.save({ put: { outbox: [{ ...one, problem: error.message }] } });
  }
}

// A packet the server will never take, when somebody has read why.
export const putAway = (id) => store.save({ remove: { outbox: [id] } });

// What this phone may still hold a readable copy of is settled when it opens again; of the rest nothing stays.
async function keepAnswer({ id, what, head, seq }, told) {
  if (head.phone !== device.phone.id) return store.save({ remove: { outbox: [id] } });
  const acts = (told.acts ?? []).map(({ key, result, problem }) => ({ key, result, problem: problem && { title: problem.title } }));
  return store.save({ put: { outbox: [{ id, what, head: { phone: head.phone }, seq, answer: { receipt: told.receipt, received_at: told.received_at, acts } }] } });
}
