// 今天: what burns first, then the round of places where something is due.
import { aboutOf, burningFirst, levelOf, nextClock, numbersOf, own, running, stageSays, stateOf } from "./derive.js";
import { useModel } from "./model.js";
import { Round } from "./round.js";
import { Badge, Clock, Empty, Head } from "./ui.js";
import { listed, t } from "./words.js";

export function MatterLine({ matter }) {
  const first = nextClock(matter);
  return (
    <li>
      <a class="line" href={`#/matter/${matter.id}`}>
        <span class="line-top"><b>{matter.title || matter.number}</b> {matter.level && <Badge tone="warn">{levelOf(matter)}</Badge>}</span>
        <span class="muted">{matter.number} · {aboutOf(matter)} · {stageSays(matter)}</span>
        {first && <Clock clock={first} />}
      </a>
    </li>
  );
}

export function Today() {
  const { matters } = useModel();
  const ordered = burningFirst(matters);
  const burning = ordered.filter((matter) => running(matter).length);
  const others = ordered.filter((matter) => !running(matter).length);
  const drafts = own().filter((visit) => stateOf(visit) === "draft" && visit.acts.length);
  return (
    <>
      <Head title={t("今天")} />
      {drafts.length > 0 && <section><h2>{t("没填完的")}</h2><ul class="lines">{drafts.map((visit) => <Draft key={visit.id} visit={visit} />)}</ul></section>}
      <section>
        <h2>{t("先办")} <em>{burning.length}</em></h2>
        {burning.length ? <ul class="lines">{burning.map((matter) => <MatterLine key={matter.id} matter={matter} />)}</ul> : <Empty>{t("没有在走的时限")}</Empty>}
      </section>
      <Round />
      {others.length > 0 && <section><h2>{t("其他在办")} <em>{others.length}</em></h2><ul class="lines">{others.map((matter) => <MatterLine key={matter.id} matter={matter} />)}</ul></section>}
    </>
  );
}

const Draft = ({ visit }) => {
  const act = visit.acts.find((one) => !one.done) ?? visit.acts[0];
  return <li><a class="line" href={`#/act/${visit.id}/${act.key}`}><b>{visit.title}</b><span class="muted">{[...numbersOf(visit), listed(visit.acts.map((one) => one.says))].join(" · ")}</span></a></li>;
};
