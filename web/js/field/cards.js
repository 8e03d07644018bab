// 行动卡: what to do first, without a network; each tap keeps its time, and the log becomes the matter's record.
import { allowed, carrierOf, stateOf } from "./derive.js";
import { uuid7 } from "./ids.js";
import { me, model, now, useModel } from "./model.js";
import { states } from "./outbox.js";
import * as store from "./store.js";
import { Badge, Empty, Head, asTime, go, moment } from "./ui.js";
import { answer, begin } from "./visits.js";
import { t } from "./words.js";

const TIME = { timeStyle: "medium", hour12: false, timeZone: "Asia/Shanghai" };

export function Cards() {
  const { slice, logs } = useModel();
  const cards = slice?.frame.cards ?? [];
  const mine = logs.filter((log) => log.by === me()?.id).sort((one, other) => other.began - one.began);
  return (
    <>
      <Head title={t("行动卡")} />
      {cards.length ? <ul class="lines">{cards.map((card) => <li key={card.slug}><a class="line card-line" href={`#/card/${card.slug}`}><b>{card.says}</b></a></li>)}</ul> : <Empty>{t("联网一次后,行动卡就在手机里")}</Empty>}
      {mine.length > 0 && <section><h2>{t("记录")}</h2><ul class="lines">{mine.map((log) => (
        <li key={log.id}><a class="line" href={`#/card/${log.card}/${log.id}`}><span class="line-top"><b>{log.says}</b> <Whereto log={log} /></span><span class="muted">{moment(log.began)} · {t("{count} 步", { count: log.entries.length })}</span></a></li>
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

// The first tap begins a log; a second tap on the same step takes it off again.
async function tick(card, log, step) {
  const held = log ? (await store.get("logs", log.id)) : { id: uuid7(), by: me().id, card: card.slug, version: card.version, says: card.says, began: now(), entries: [] };
  const there = held.entries.some((entry) => entry.code === step.code);
  const entries = there ? held.entries.filter((entry) => entry.code !== step.code) : [...held.entries, { code: step.code, says: step.says, at: now() }];
  await store.save({ put: { logs: [{ ...held, entries }] } });
  if (!log) go(`/card/${card.slug}/${held.id}`, { instead: true });
}

const written = (log) => [t("行动卡:{card}", { card: log.says }), ...log.entries.map((entry) => `${asTime(entry.at, TIME)} ${entry.says}`)].join("\n").slice(0, 1000);

async function into(log, matter) {
  const act = model.kinds[matter.kind].byName.note;
  const [visit, key] = await begin({ matter, act, log: log.id });
  await answer(visit, key, ["note"], written(log));
  go(`/act/${visit}/${key}`);
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
  const { slice, logs, matters } = useModel();
  const card = slice?.frame.cards.find((one) => one.slug === slug);
  const log = logs.find((one) => one.id === logId);
  if (!card) return <><Head title={t("行动卡")} back /><Empty>{t("没有这张卡")}</Empty></>;
  const carrier = log && carrierOf(log);
  const done = new Map(log?.entries.map((entry) => [entry.code, entry.at]));
  const notable = matters.filter((matter) => allowed(matter).some((act) => act.name === "note")).sort((one, other) => other.raised_at.localeCompare(one.raised_at));
  return (
    <>
      <Head title={card.says} back />
      <p class="abort" role="note"><b>{t("停手线")}</b>{card.abort}</p>
      <ol class="steps">
        {card.steps.map((step) => (
          <li key={step.code}>
            <button type="button" class="step" aria-pressed={done.has(step.code)} disabled={Boolean(carrier)} onClick={() => tick(card, log, step)}>
              <span>{step.says}</span>{done.has(step.code) && <b>{asTime(done.get(step.code), TIME)}</b>}
            </button>
            {step.call && <a class="button danger" href={`tel:${step.call}`}>{t("拨 {number}", { number: step.call })}</a>}
          </li>
        ))}
      </ol>
      {carrier && <Carried {...carrier} log={log} />}
      {log && !carrier && log.entries.length > 0 && (
        <section>
          <h2>{t("记入事项")}</h2>
          {notable.length ? <div class="acts">{notable.slice(0, 12).map((matter) => <button type="button" class="button" key={matter.id} onClick={() => into(log, matter)}>{matter.title || matter.number}</button>)}</div> : <Empty>{t("没有可以记入的事项,记录留在手机里")}</Empty>}
        </section>
      )}
      <p class="muted">{t("第 {version} 版", { version: card.version })} · {card.basis}</p>
    </>
  );
}
