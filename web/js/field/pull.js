// Bringing the slice up to date. What the phone made itself is never touched here.
import { call } from "./net.js";
import * as store from "./store.js";

export async function pull({ passive = false } = {}) {
  for (let more = true; more; ) {
    const held = (await store.get("meta", "slice")) ?? {};
    const asked = Date.now();
    const cursor = held.cursor ? `?cursor=${encodeURIComponent(held.cursor)}` : "";
    const told = await call(`/field/slice${cursor}`, { passive });
    // Half of the way there and back: the server's time when it said `now`.
    const offset = Date.parse(told.now) - (asked + Date.now()) / 2;
    await apply(told, held, Math.round(offset));
    more = told.more;
  }
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
