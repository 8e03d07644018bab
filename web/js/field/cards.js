// 行动卡: what to do first, without a network; each tap keeps its time, and the log becomes the matter's record.
import { useState } from "preact/hooks";
import { aboutOf, allowed, carrierOf, raisable, stateOf } from "./derive.js";
import { uuid7 } from "./ids.js";
import { me, model, now, useModel } from "./model.js";
import { states } from "./outbox.js";
import { SearchBox, found } from "./places.js";
import * as store from "./store.js";
import { Badge, Empty, Head, asTime, go, moment } from "./ui.js";
import { begin, beginRaising } from "./visits.js";
import { t } from "./words.js";

const MOST_OFFERED = 8;
// A log is a record from its first tap on: in Chinese, whoever reads the card.
const RECORD = { card: "行动卡：", undone: "撤销：" };
const TIME = { timeStyle: "medium", hour12: false, timeZone: "Asia/Shanghai" };

export function Cards() {
  const { slice, logs } = useModel();
  const cards = slice?.frame.cards ?? [];
  const mine = logs.filter((log) => log.by === me()?.id).sort((one, other) => other.began - one.began);
  return (
    <>
      <Head title={t("行动卡")} />
      {cards.length ? <ul class="lines">{cards.map((card) => <li key={card.slug}><a class="line card-line" href={`#/card/${card.slug}`}><b>{card.says}</b></a></li>)}</ul> : <Empty>{t("联网一次后，行动卡就在手机里")}</Empty>}
      {mine.length > 0 && <section><h2>{t("记录")}</h2><ul class="lines">{mine.map((log) => (
        <li key={log.id}><a class="line" href={`#/card/${log.card}/${log.id}`}><span class="line-top"><b>{cards.find((card) => card.slug === log.card)?.says ?? log.says}</b> <Whereto log={log} /></span><span class="muted">{moment(log.began)} · {t("{count} 步", { count: doneSteps(log) })}</span></a></li>
      ))}</ul></section>}
    </>
  );
}

// Whether the log is in a matter yet: as far as the visit that carries it has come.
function Whereto({ log }) {
  const carrier = carrierOf(log);
  const [says, tone] = carrier ? states()[stateOf(carrier.visit)] : [t("只在手机"), ""];
  return <Badge tone={tone}>{says}</Badge>;
}

// What holds of each step now: its last entry.
const standing = (log) => new Map(log?.entries.map((entry) => [entry.code, entry]));
const doneSteps = (log) => [...standing(log).values()].filter((entry) => entry.done).length;

// The first tap begins a log. A second tap on a step takes nothing away: it is written down with its own time.
async function tick(card, log, step) {
  const next = (held) => ({ ...held, entries: [...held.entries, { code: step.code, says: step.record, at: now(), done: !standing(held).get(step.code)?.done }] });
  if (log) return store.change("logs", log.id, next);
  const fresh = next({ id: uuid7(), by: me().id, card: card.slug, version: card.version, says: card.record, began: now(), entries: [] });
  await store.save({ put: { logs: [fresh] } });
  return go(`/card/${card.slug}/${fresh.id}`, { instead: true });
}

const writtenEntry = ({ at, says, done }) => `${asTime(at, TIME)} ${done ? "" : RECORD.undone}${says}`;
const written = (log) => [RECORD.card + log.says, ...log.entries.map(writtenEntry)].join("\n").slice(0, 1000);

async function into(log, matter) {
  const act = model.kinds[matter.kind].byName.note;
  go(`/act/${(await begin({ matter, act, log: log.id, given: { note: written(log) } })).join("/")}`);
}

// The newest first, any by its words; where there is none yet it is registered first.
function Into({ log }) {
  const { matters, kinds } = useModel();
  const [asked, ask] = useState("");
  const notable = matters.filter((matter) => allowed(matter).some((act) => act.name === "note")).sort((one, other) => other.raised_at.localeCompare(one.raised_at));
  const hits = found(notable, asked, (matter) => [matter.title, matter.number, aboutOf(matter), matter.place?.address]);
  return (
    <section>
      <h2>{t("记入事项")}</h2>
      <p class="muted">{t("记入之前只在这部手机里：手机丢了或被擦除，这份记录就没了")}</p>
      <SearchBox label={t("名称、编号、地址")} onSearch={ask} />
      {hits.length ? hits.slice(0, MOST_OFFERED).map((matter) => <button type="button" class="button hit" key={matter.id} onClick={() => into(log, matter)}><b>{matter.title || matter.number}</b> <span class="muted">{matter.number} · {aboutOf(matter)}</span></button>) : <Empty>{t("没有可以记入的事项，记录留在手机里")}</Empty>}
      {hits.length > MOST_OFFERED && <p class="muted">{t("还有 {count} 件，写几个字找", { count: hits.length - MOST_OFFERED })}</p>}
      <div class="acts">{raisable(kinds).map((kind) => <button type="button" class="button" key={kind.kind} onClick={async () => go(`/act/${(await beginRaising({ kind })).join("/")}`)}>{t("登记{kind}", { kind: kind.says })}</button>)}</div>
    </section>
  );
}

function Step({ step, entry, locked, tap }) {
  const time = entry && asTime(entry.at, TIME);
  return (
    <li>
      <button type="button" class="step" aria-pressed={Boolean(entry?.done)} disabled={locked} onClick={tap}>
        <span>{step.says}</span>{time && (entry.done ? <b>{time}</b> : <span class="muted">{t("{time} 撤销", { time })}</span>)}
      </button>
      {step.call && <a class="button danger" href={`tel:${step.call}`}>{t("拨 {number}", { number: step.call })}</a>}
    </li>
  );
}

// A draft may still be left out: then the card goes on.
const Carried = ({ visit, act, log }) => (
  <section>
    <h2>{t("记入事项")}</h2>
    <a class="line" href={visit.state === "draft" ? `#/act/${visit.id}/${act.key}` : "#/outbox"}>
      <span class="line-top"><b>{act.title}</b> <Whereto log={log} /></span>
      <span class="muted">{act.number}</span>
    </a>
  </section>
);

export function CardPage({ slug, logId }) {
  const { slice, logs } = useModel();
  const card = slice?.frame.cards.find((one) => one.slug === slug);
  const log = logs.find((one) => one.id === logId);
  if (!card) return <><Head title={t("行动卡")} back /><Empty>{t("没有这张卡")}</Empty></>;
  const carrier = log && carrierOf(log);
  const entries = standing(log);
  return (
    <>
      <Head title={card.says} back />
      <p class="abort" role="note"><b>{t("停手线")}</b>{card.abort}</p>
      <ol class="steps">
        {card.steps.map((step) => <Step key={step.code} step={step} entry={entries.get(step.code)} locked={Boolean(carrier)} tap={() => tick(card, log, step)} />)}
      </ol>
      {carrier && <Carried {...carrier} log={log} />}
      {log && !carrier && <Into log={log} />}
      <p class="muted">{t("第 {version} 版", { version: card.version })} · {card.basis}</p>
    </>
  );
}
