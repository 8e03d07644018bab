// Bringing the slice up to date. What the phone made itself is never touched here.
import { call } from "./net.js";
import * as store from "./store.js";

// `parts`: how many answers at most. Gives whether there is more: the rest of the register, or of many changes. Each
// part is on the disk before the next is asked for, so that a load cut off goes on where it was.
export async function pull({ passive = false, parts = Infinity } = {}) {
  let more = true;
  for (let part = 0; more && part < parts; part++) {
    const held = (await store.get("meta", "slice")) ?? {};
    const asked = Date.now();
    const cursor = held.cursor ? `?cursor=${encodeURIComponent(held.cursor)}` : "";
    const told = await call(`/field/slice${cursor}`, { passive, seconds: 90 });
    // Half of the way there and back: the server's time when it said `now`.
    const offset = Date.parse(told.now) - (asked + Date.now()) / 2;
    await apply(told, held, Math.round(offset));
    more = told.more;
  }
  return more;
}

async function apply(told, held, offset) {
  const slice = {
    cursor: told.cursor,
    frame: told.frame ?? held.frame,
    catalogue: told.frame ? told.catalogue : held.catalogue,
    sheets: { ...(told.whole ? {} : held.sheets), ...told.sheets },
    over: told.over,
    questions: told.questions,
    at: Date.parse(told.now),
    loading: told.more && (told.whole || held.loading === true),
    left_out: told.left_out ?? held.left_out,
  };
  const open = told.matters.filter((matter) => !matter.closed_at);
  const shut = told.matters.filter((matter) => matter.closed_at).map((matter) => matter.id);
  await store.save({
    empty: told.whole ? ["places", "matters"] : [],
    remove: told.whole ? {} : { places: told.gone_places, matters: [...told.gone, ...shut] },
    put: { places: told.places, matters: open },
    meta: { slice, offset },
  });
}
