// One address with every duty due there, or one matter that has no address: what can be done, and what is begun.
import { useState } from "preact/hooks";
import { allowed, levelOf, own, pending, raisable, running, stageSays, stateOf } from "./derive.js";
import { matterOf, placeOf, useModel } from "./model.js";
import { Badge, ClockWhy, Empty, Head, go } from "./ui.js";
import { begin, beginRaising, finish } from "./visits.js";
import { t } from "./words.js";

export function PlacePage({ id }) {
  const { matters, slice, kinds } = useModel();
  const place = placeOf(id) ?? matters.find((matter) => matter.place?.id === id)?.place;
  if (!place) return <><Head title={t("场所")} back /><Empty>{t("这处场所已不在您的辖区")}</Empty></>;
  const here = matters.filter((matter) => matter.place?.id === id);
  return (
    <>
      <Head title={place.name} back />
      <dl class="facts">
        <dt>{t("地址")}</dt><dd>{place.address}{place.plate && ` · ${place.plate}`}</dd>
        {place.number && <><dt>{t("编号")}</dt><dd>{[place.number, slice.frame.place_kinds[place.kind], place.rooms && t("{count} 间", { count: place.rooms })].filter(Boolean).join(" · ")}</dd></>}
      </dl>
      <Begun place={id} />
      {here.length ? here.map((matter) => <Duty key={matter.id} matter={matter} titled />) : <Empty>{t("这里没有在办的事项")}</Empty>}
      {raisable(kinds).length > 0 && (
        <section><h2>{t("现场发现")}</h2><div class="acts">
          {raisable(kinds).map((kind) => <button type="button" class="button" key={kind.kind} onClick={async () => go(`/act/${(await beginRaising({ kind, place: id })).join("/")}`)}>{t("登记{kind}", { kind: kind.says })}</button>)}
        </div></section>
      )}
    </>
  );
}

export function MatterPage({ id }) {
  useModel();
  const matter = matterOf(id);
  if (!matter) return <><Head title={t("事项")} back /><Empty>{t("已办结，或已不在您的辖区。未送出的办理仍会送达，由现责任人核实")}</Empty></>;
  return (
    <>
      <Head title={matter.title || matter.number} back />
      <dl class="facts">
        <dt>{t("编号")}</dt><dd>{matter.number}</dd>
        <dt>{t("社区")}</dt><dd>{matter.community?.name ?? t("待确认")}</dd>
        {matter.place && <><dt>{t("地址")}</dt><dd>{matter.place.address}</dd></>}
        {matter.level && <><dt>{t("等级")}</dt><dd>{levelOf(matter)}</dd></>}
        {matter.holder && <><dt>{t("责任人")}</dt><dd>{matter.holder.name}</dd></>}
      </dl>
      {matter.place && <p><a href={`#/place/${matter.place.id}`}>{t("{place}：这里的全部事项", { place: matter.place.name })}</a></p>}
      <p><a href={`/matters/${matter.id}`}>{t("打开完整页面(查看人员信息，需要网络)")}</a></p>
      <Begun about={id} place={matter.place?.id} />
      <Duty matter={matter} />
    </>
  );
}

// What was begun at this door and is not in the outbox yet.
function Begun({ place, about }) {
  const touched = (visit) => visit.acts.filter((act) => !act.untouched);
  const visit = own().find((one) => stateOf(one) === "draft" && touched(one).length && (place ? one.place === place : one.about === about));
  if (!visit) return null;
  const open = touched(visit).some((act) => !act.done);
  return (
    <section class="begun">
      <h2>{t("本次走访")}</h2>
      <ul class="lines">{touched(visit).map((act) => (
        <li key={act.key}><a class="line" href={`#/act/${visit.id}/${act.key}`}><span class="line-top"><b>{act.says}</b> <Badge tone={act.done ? "good" : "warn"}>{act.done ? t("填好") : t("没填完")}</Badge></span><span class="muted">{act.title}</span></a></li>
      ))}</ul>
      {!open && <button type="button" class="button primary wide" onClick={() => finish(visit.id)}>{t("送出")}</button>}
    </section>
  );
}

function Duty({ matter, titled }) {
  const { visits, kinds } = useModel();
  const [all, showAll] = useState(false);
  const draft = visits.find((visit) => visit.state === "draft" && visit.acts.some((act) => act.matter === matter.id));
  const acts = allowed(matter, draft?.acts.filter((act) => act.matter === matter.id && act.done));
  const leading = acts.filter((act) => act.to.length && !act.grave);
  const shown = all ? acts : leading.length ? leading : acts;
  return (
    <section class="duty">
      {titled && <h2><a href={`#/matter/${matter.id}`}>{[kinds[matter.kind]?.says, matter.title].filter((part) => part && part !== matter.place?.name).join(" · ")}</a></h2>}
      <p class="muted">{stageSays(matter)}{pending(matter.id).length > 0 && ` · ${t("下一步可以接着办")}`}</p>
      {running(matter).map((clock) => <ClockWhy key={clock.name} clock={clock} />)}
      <div class="acts">
        {shown.map((act) => (
          <button type="button" key={act.name} class={`button ${act.grave ? "danger" : ""}`} onClick={async () => go(`/act/${(await begin({ matter, act })).join("/")}`)}>{act.says}</button>
        ))}
        {!all && shown.length < acts.length && <button type="button" class="button quiet" onClick={() => showAll(true)}>{t("更多…")}</button>}
      </div>
      {!acts.length && <p class="muted">{t("现在没有您能办的")}</p>}
    </section>
  );
}
