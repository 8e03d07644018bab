// The walk as a map, drawn from what the phone holds: no tiles, no network. The list below says the same.
import { model } from "./model.js";
import { marks, nearest, plan } from "./plan.js";
import { go, sayFar } from "./ui.js";
import { t } from "./words.js";

const WIDTH = 336;
const THUMB = 40;
const KEY = "fengqiao-map";

export function WalkMap({ stops, start }) {
  const known = stops.filter(({ place }) => place.lon != null && place.lat != null);
  if (known.length + (start ? 1 : 0) < 2) return null;
  const shown = localStorage.getItem(KEY) !== "shut";
  return (
    <details class="walk-map" open={shown} onToggle={(event) => localStorage.setItem(KEY, event.target.open ? "open" : "shut")}>
      <summary>{t("地图")}</summary>
      <Drawn stops={known} start={start} />
    </details>
  );
}

function Drawn({ stops, start }) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const size = Math.min(rem * 0.85, 22);
  const foot = size * 1.8;
  const walked = [...(start ? [start] : []), ...stops.map(({ place }) => place)];
  const { height, at, bar } = plan(walked, { width: WIDTH, margin: size * 1.6 });
  const line = walked.map(at);
  const spots = marks(start ? line.slice(1) : line, size * 1.7);
  const tapped = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top].map((one) => (one * WIDTH) / box.width);
    const mark = nearest(spots, x, y);
    if (Math.hypot(mark.x - x, mark.y - y) > THUMB) return;
    const first = stops[mark.stops[0] - 1].place;
    // Several doors under one thumb: the list tells them apart.
    if (mark.stops.length > 1) document.querySelector(`.round a[href='#/place/${first.id}']`)?.focus();
    else go(`/place/${first.id}`);
  };
  const far = stops.reduce((sum, stop) => sum + (stop.far ?? 0), 0);
  const says = t("步行示意图，上北下南：{count} 处，{far}。顺序见下面的列表", { count: stops.length, far: sayFar(far) });
  return (
    <svg viewBox={`0 0 ${WIDTH} ${height + foot}`} role="img" aria-label={says} onClick={tapped}>
      <path class="beat" d={outlines(at)} />
      <path class="doors" d={doors(at, height)} />
      <polyline class="walked" points={line.map((point) => point.join()).join(" ")} />
      {start && <g class="from"><circle cx={line[0][0]} cy={line[0][1]} r={size * 0.8} /><Word x={line[0][0]} y={line[0][1]} size={size} says={t("起")} /></g>}
      {spots.map(({ x, y, stops }) => <Mark key={stops[0]} x={x} y={y} stops={stops} size={size} />).reverse()}
      <g class="foot">
        <rect y={height} width={WIDTH} height={foot} />
        <path d={`M8 ${height + foot / 2 - 4}v8h${bar.length}v-8M${WIDTH - 12} ${height + foot - 5}v${10 - foot}m-4 6 4-6 4 6`} />
        <text x={bar.length + 14} y={height + foot / 2} dy=".35em" font-size={size}>{bar.metres < 1000 ? t("{count} 米", { count: bar.metres }) : t("{count} 公里", { count: bar.metres / 1000 })}</text>
        <text x={WIDTH - 20} y={height + foot / 2} dy=".35em" text-anchor="end" font-size={size}>{t("北")}</text>
      </g>
    </svg>
  );
}

const Word = ({ x, y, size, says }) => <text x={x} y={y} dy=".35em" text-anchor="middle" font-size={size}>{says}</text>;

function Mark({ x, y, stops, size }) {
  const says = stops.length > 2 && inARow(stops) ? `${stops[0]}–${stops[stops.length - 1]}` : stops.length > 2 ? `${stops[0]}…` : stops.join("·");
  const wide = size * (0.7 + 0.35 * says.length);
  return <g class="stop"><rect x={x - wide} y={y - size * 0.8} width={wide * 2} height={size * 1.6} rx={size * 0.8} /><Word x={x} y={y} size={size} says={says} /></g>;
}

const inARow = (stops) => stops[stops.length - 1] - stops[0] === stops.length - 1;

const outlines = (at) =>
  model.slice.frame.communities
    .flatMap((one) => one.outline ?? [])
    .map((ring) => `M${ring.map(([lon, lat]) => at({ lon, lat }).join(" ")).join("L")}Z`)
    .join("");

// Every door of the register near by, as a dot: the shape of the village.
const doors = (at, height) =>
  model.places
    .filter((place) => place.lon != null && place.lat != null)
    .map(at)
    .filter(([x, y]) => x > 0 && y > 0 && x < WIDTH && y < height)
    .map(([x, y]) => `M${x} ${y}h0`)
    .join("");
