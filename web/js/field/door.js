// One address with every duty due there, or one matter that has no address: what can be done, and what is begun.
import { useState } from "preact/hooks";
import { allowed, own, pending, running, stageSays, stateOf } from "./derive.js";
import { matterOf, placeOf, useModel } from "./model.js";
import { Badge, Clock, Empty, Head, go } from "./ui.js";
import { begin, beginRaising, finish } from "./visits.js";

export function PlacePage({ id }) {
  const { matters, slice, kinds } = useModel();
  const place = placeOf(id) ?? matters.find((matter) => matter.place?.id === id)?.place;
  if (!place) return <><Head title="场所" back /><Empty>这处场所已不在您的辖区</Empty></>;
  const here = matters.filter((matter) => matter.place?.id === id);
  const raisable = Object.values(kinds).filter((kind) => kind.intake);
  return (
    <>
      <Head title={place.name} back />
      <dl class="facts">
        <dt>地址</dt><dd>{place.address}{place.plate && ` · ${place.plate}`}</dd>
        {place.number && <><dt>编号</dt><dd>{place.number} · {slice.frame.place_kinds[place.kind]}{place.rooms ? ` · ${place.rooms} 间` : ""}</dd></>}
      </dl>
      <Begun place={id} />
      {here.length ? here.map((matter) => <Duty key={matter.id} matter={matter} titled />) : <Empty>这里没有在办的事项</Empty>}
      {raisable.length > 0 && (
        <section><h2>现场发现</h2><div class="acts">
          {raisable.map((kind) => <button type="button" class="button" key={kind.kind} onClick={async () => go(`/act/${(await beginRaising({ kind, place: id })).join("/")}`)}>登记{kind.says}</button>)}
        </div></section>
      )}
    </>
  );
}

export function MatterPage({ id }) {
  useModel();
  const matter = matterOf(id);
  if (!matter) return <><Head title="事项" back /><Empty>已办结,或已不在您的辖区。未送出的办理仍会送达,由现责任人核实</Empty></>;
  return (
    <>
      <Head title={matter.title || matter.number} back />
      <dl class="facts">
        <dt>编号</dt><dd>{matter.number}</dd>
        <dt>社区</dt><dd>{matter.community?.name ?? "待确认"}</dd>
        {matter.holder && <><dt>责任人</dt><dd>{matter.holder.name}</dd></>}
      </dl>
      {matter.place && <p><a href={`#/place/${matter.place.id}`}>{matter.place.name}:这里的全部事项</a></p>}
      <p><a href={`/matters/${matter.id}`}>打开完整页面(查看人员信息,需要网络)</a></p>
      <Begun about={id} place={matter.place?.id} />
      <Duty matter={matter} />
    </>
  );
}

// What was begun at this door and is not in the outbox yet.
function Begun({ place, about }) {
  const visit = own().find((one) => stateOf(one) === "draft" && one.acts.length && (place ? one.place === place : one.about === about));
  if (!visit) return null;
  const open = visit.acts.some((act) => !act.done);
  return (
    <section class="begun">
      <h2>本次走访</h2>
      <ul class="lines">{visit.acts.map((act) => (
        <li key={act.key}><a class="line" href={`#/act/${visit.id}/${act.key}`}><span class="line-top"><b>{act.says}</b> <Badge tone={act.done ? "good" : "warn"}>{act.done ? "填好" : "没填完"}</Badge></span><span class="muted">{act.title}</span></a></li>
      ))}</ul>
      {!open && <button type="button" class="button primary wide" onClick={() => finish(visit.id)}>送出</button>}
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
      <p class="muted">{stageSays(matter)}{pending(matter.id).length > 0 && " · 下一步可以接着办"}</p>
      {running(matter).map((clock) => <p key={clock.name}><Clock clock={clock} /></p>)}
      <div class="acts">
        {shown.map((act) => (
          <button type="button" key={act.name} class={`button ${act.grave ? "danger" : ""}`} onClick={async () => go(`/act/${(await begin({ matter, act })).join("/")}`)}>{act.says}</button>
        ))}
        {!all && shown.length < acts.length && <button type="button" class="button quiet" onClick={() => showAll(true)}>更多…</button>}
      </div>
      {!acts.length && <p class="muted">现在没有您能办的</p>}
    </section>
  );
}
