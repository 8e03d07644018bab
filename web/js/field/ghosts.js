// The earlier photos that new ones are taken over: small, sealed like every other row, on the phone for what is due
// today or begun, and gone when it no longer is.
import { dayEnd } from "./china_time.js";
import { due } from "./derive.js";
import { Refused, call } from "./net.js";
import * as store from "./store.js";

const MOST = 60;
const AHEAD = 18 * 3_600_000; // a phone filled in the evening has what the next day brings
const refused = new Set(); // has ended, or is not ours to see: not asked again until the app is opened anew

const idsOf = (matter) => Object.values(matter.ghosts ?? {});

async function wanted() {
  const [matters, visits, offset] = await Promise.all([store.all("matters"), store.all("visits"), store.get("meta", "offset")]);
  const begun = new Set(visits.filter((visit) => visit.state === "draft").flatMap((visit) => visit.acts.map((act) => act.matter)));
  const at = Date.now() + (offset ?? 0);
  const soon = Math.max(at + AHEAD, dayEnd(at)); // what is due today, however early it is
  // One knock carries the acts for every matter at that door.
  const doors = new Set(matters.filter((matter) => matter.place && due(matter) <= soon).map((matter) => matter.place.id));
  const needed = matters.filter((matter) => begun.has(matter.id) || due(matter) <= soon || doors.has(matter.place?.id)).sort((one, other) => due(one) - due(other));
  return [...new Set(needed.flatMap(idsOf))].slice(0, MOST);
}

export async function bringGhosts({ passive }) {
  const [ids, held] = [await wanted(), (await store.all("ghosts")).map((one) => one.id)];
  const over = held.filter((id) => !ids.includes(id));
  if (over.length) await store.save({ remove: { ghosts: over } });
  for (const id of ids) if (!held.includes(id) && !refused.has(id)) await bring(id, { passive });
}

async function bring(id, asked) {
  try {
    await store.save({ put: { ghosts: [{ id, blob: await call(`/photos/${id}/thumb`, { ...asked, picture: true }) }] } });
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401) throw error;
    refused.add(id);
  }
}

// As an address to show, or nothing: what is not on the phone yet is asked for while there is a network.
export async function ghostOf(id) {
  if (!(await store.has("ghosts", id))) await bring(id, { seconds: 8 }).catch(() => {});
  const found = await store.get("ghosts", id);
  return found?.blob ? URL.createObjectURL(found.blob) : "";
}
