// 走访顺序: the places where something is overdue or runs out today, or within the days chosen, door after door. Where
// the walk begins is asked once, on a tap, and forgotten.
import { useState } from "preact/hooks";
import { dayEnd } from "./china_time.js";
import { due, nextClock, openPlaces } from "./derive.js";
import { now, placeOf, redraw } from "./model.js";
import { hereAndNow } from "./photos.js";
import { Badge, Clock, Empty, sayFar } from "./ui.js";
import { WalkMap } from "./walk_map.js";
import { round } from "./walking.js";
import { t } from "./words.js";

const KEY = "fengqiao-round";
const spans = () => [[1, t("今天到期")], [3, t("三天内到期")], [7, t("一周内到期")], [Infinity, t("全部在办")]];
let start = null;

// Of each place, what runs out until then.
const dueBy = (at) => openPlaces().map((one) => ({ ...one, matters: one.matters.filter((matter) => due(matter) <= at) })).filter((one) => one.matters.length);

export function Round() {
  const [says, say] = useState("");
  const [days, choose] = useState(Number(localStorage.getItem(KEY) ?? 1));
  const found = spans().map(([span, words]) => ({ span, words, places: dueBy(dayEnd(now(), span)) }));
  if (!openPlaces().length) return null;
  const { places } = found.find(({ span }) => span === days) ?? found[0];
  const stops = round(places.map((one) => ({ ...one, lon: placeOf(one.id)?.lon, lat: placeOf(one.id)?.lat })), start);
  const fromHere = async () => {
    say(t("定位中…"));
    try {
      start = await hereAndNow();
      say("");
      redraw();
    } catch (error) {
      say(error.message);
    }
  };
  return (
    <section class="round">
      <h2>{t("走访顺序")} <em>{places.length}</em></h2>
      <select aria-label={t("走哪些场所")} value={String(days)} onChange={({ target }) => { localStorage.setItem(KEY, target.value); choose(Number(target.value)); }}>
        {found.map(({ span, words, places }) => <option key={span} value={String(span)}>{`${words} · ${t("{count} 处", { count: places.length })}`}</option>)}
      </select>
      {places.length > 1 && (
        <p class="row apart">
          <span class="muted" role="status">{says || (start ? t("从您点的位置起，按步行顺序") : t("从最急的一处起，按步行顺序"))}</span>
          <button type="button" class="button" onClick={fromHere}>{t("从这里开始")}</button>
        </p>
      )}
      <WalkMap stops={stops} start={start} />
      {places.length ? <ol class="lines numbered">{stops.map(({ place, far }) => <DuePlace key={place.id} due={place} far={far} />)}</ol> : <Empty>{t("没有要去的")}</Empty>}
    </section>
  );
}

const DuePlace = ({ due, far }) => (
  <li>
    <a class="line" href={`#/place/${due.id}`}>
      <span class="line-top"><b>{due.place.name}</b> <Badge>{t("{count} 件", { count: due.matters.length })}</Badge></span>
      <span class="muted">{due.place.address}{far != null && <> · <span class="far">{sayFar(far)}</span></>}</span>
      {nextClock(due.matters[0]) && <Clock clock={nextClock(due.matters[0])} />}
    </a>
  </li>
);
