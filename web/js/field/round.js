// 场所到期: the places where something is due, door after door. Where the walk begins is asked once, on a tap, and forgotten.
import { useState } from "preact/hooks";
import { duePlaces, running } from "./derive.js";
import { placeOf, redraw } from "./model.js";
import { hereAndNow } from "./photos.js";
import { Badge, Clock, sayFar } from "./ui.js";
import { WalkMap } from "./walk_map.js";
import { round } from "./walking.js";
import { t } from "./words.js";

let start = null;

export function Round() {
  const [says, say] = useState("");
  const due = duePlaces();
  if (!due.length) return null;
  const stops = round(due.map((one) => ({ ...one, lon: placeOf(one.id)?.lon, lat: placeOf(one.id)?.lat })), start);
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
      <h2>{t("场所到期")} <em>{due.length}</em></h2>
      <p class="row apart">
        <span class="muted" role="status">{says || (start ? t("从您点的位置起，按步行顺序") : t("从最急的一处起，按步行顺序"))}</span>
        {due.length > 1 && <button type="button" class="button" onClick={fromHere}>{t("从这里开始")}</button>}
      </p>
      <WalkMap stops={stops} start={start} />
      <ol class="lines numbered">{stops.map(({ place, far }) => <DuePlace key={place.id} due={place} far={far} />)}</ol>
    </section>
  );
}

const DuePlace = ({ due, far }) => (
  <li>
    <a class="line" href={`#/place/${due.id}`}>
      <span class="line-top"><b>{due.place.name}</b> <Badge>{t("{count} 件", { count: due.matters.length })}</Badge></span>
      <span class="muted">{due.place.address}{far != null && <> · <span class="far">{sayFar(far)}</span></>}</span>
      {running(due.matters[0])[0] && <Clock clock={running(due.matters[0])[0]} />}
    </a>
  </li>
);
