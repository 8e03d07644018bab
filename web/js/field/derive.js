// What follows from the slice and from what waits in the outbox: where a matter stands, what may be done, what burns.
import { matterOf, me, model } from "./model.js";
import { listed, t } from "./words.js";

const order = (one, other) => one.seq - other.seq;

// The acts on one matter that the server has not heard of yet, in the order they were done.
export function pending(id, besides) {
  const unsent = model.visits.filter((visit) => visit.state === "waiting" && visit.id !== besides).sort(order);
  return unsent.flatMap((visit) => visit.acts.filter((act) => act.matter === id));
}

const stays = (matter, act, stages) => {
  const known = model.kinds[matter.kind]?.acts.find((one) => one.name === act.act)?.stays ?? [];
  return stages.every((stage) => known.includes(stage));
};

// Where the matter will stand once everything arrived: an act whose answers decide leads to any of its stages.
export function standing(matter, acts) {
  let stages = matter.stages ?? [matter.stage];
  for (const act of acts) stages = act.leads?.length && !stays(matter, act, stages) ? act.leads : stages;
  return { version: matter.version + acts.length, stages };
}

// `made`: acts of the visit being written, before the next one.
export function allowed(matter, made = [], besides) {
  const kind = model.kinds[matter.kind];
  if (!kind) return [];
  const { stages } = standing(matter, [...pending(matter.id, besides), ...made]);
  return kind.acts.filter(
    (act) =>
      !matter.may_not.includes(act.name) &&
      (!act.levels.length || act.levels.includes(matter.level)) &&
      act.from_stages.some((stage) => stages.includes(stage)),
  );
}

export function stageSays(matter) {
  const kind = model.kinds[matter.kind];
  const unsent = pending(matter.id);
  const { stages } = standing(matter, unsent);
  const says = stages.map((stage) => kind?.stages[stage] ?? stage).join(" / ");
  return unsent.length ? t("{stage}(未送出 {count})", { stage: says, count: unsent.length }) : kind?.stages[matter.stage] ?? matter.stage_says;
}

// What kind of thing, and where, without saying the title twice.
export function aboutOf(matter) {
  const where = matter.place?.name ?? matter.community?.name ?? t("社区待确认");
  return [model.kinds[matter.kind]?.says, where].filter((part) => part && part !== matter.title).join(" · ");
}

export const running = (matter) => matter.clocks.filter((clock) => !clock.stopped_at);
export const due = (matter) => Math.min(...running(matter).map((clock) => Date.parse(clock.due_at)), Infinity);
export const soonest = (one, other) => due(one) - due(other) || one.number.localeCompare(other.number);

// Each place with open matters, the one that burns first before the others.
export function duePlaces() {
  const found = new Map();
  for (const matter of model.matters) if (matter.place) found.set(matter.place.id, [...(found.get(matter.place.id) ?? []), matter]);
  const places = [...found].map(([id, matters]) => ({ id, place: matters[0].place, matters: matters.sort(soonest) }));
  return places.sort((one, other) => soonest(one.matters[0], other.matters[0]));
}

export const own = () => model.visits.filter((visit) => visit.by === me()?.id);
export const unsent = () => own().filter((visit) => visit.state === "draft" || visit.state === "waiting");
export const foreign = () => model.visits.filter((visit) => visit.by !== me()?.id && ["draft", "waiting"].includes(visit.state));

// The server may have kept an act as a question, and somebody may have settled it since.
export function stateOf(visit) {
  const asked = new Set((model.slice?.questions ?? []).map((question) => question.key));
  if (visit.acts.some((act) => asked.has(act.key))) return "question";
  if (visit.state === "question") return "settled";
  return visit.state;
}

export const reasonOf = (key) => model.slice?.questions.find((question) => question.key === key)?.reason;
export const titleOf = (visit) => {
  const acts = listed(visit.acts.map((act) => act.says));
  return [visit.title, acts].filter(Boolean).join(" · ") || t("未填写");
};
export const subjectOf = (act) => (act.matter ? matterOf(act.matter)?.title ?? act.title : act.title);
