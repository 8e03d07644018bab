// What follows from the slice and from what waits in the outbox: where a matter stands, what may be done, what burns.
import { me, model, now } from "./model.js";
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

export const levelOf = (matter) => matter.level && (model.kinds[matter.kind]?.levels[matter.level] ?? matter.level);

// What kind of thing, and where, without saying the title twice.
export function aboutOf(matter) {
  const where = matter.place?.name ?? matter.community?.name ?? t("社区待确认");
  return [model.kinds[matter.kind]?.says, where].filter((part) => part && part !== matter.title).join(" · ");
}

export const running = (matter) => matter.clocks.filter((clock) => !clock.stopped_at);
export const nextClock = (matter) => running(matter).sort((one, other) => one.due_at.localeCompare(other.due_at))[0];
export const due = (matter) => Math.min(...running(matter).map((clock) => Date.parse(clock.due_at)), Infinity);

// What burns first: the same law as the board's (matters/ordering.py), by the server's time and without the server.
const SOON = 3_600_000;
const LONG_LATE = 86_400_000;
const weight = (matter) => model.kinds[matter.kind]?.weights?.[matter.level] ?? 0;
function urgency(matter, at) {
  const end = Math.min(due(matter), Number.MAX_SAFE_INTEGER);
  const urgent = end > at - LONG_LATE && end <= at + SOON;
  return urgent ? [0, -weight(matter), end] : [1, 0, end];
}
export function burningFirst(matters, at = now()) {
  const ranked = matters.map((matter) => ({ matter, rank: urgency(matter, at) }));
  const differ = (one, other, part) => one.rank[part] - other.rank[part];
  ranked.sort((one, other) => differ(one, other, 0) || differ(one, other, 1) || differ(one, other, 2) || one.matter.id.localeCompare(other.matter.id));
  return ranked.map(({ matter }) => matter);
}

// Each place with open matters, the one that burns first before the others.
export function openPlaces() {
  const found = new Map();
  for (const matter of burningFirst(model.matters)) if (matter.place) found.set(matter.place.id, [...(found.get(matter.place.id) ?? []), matter]);
  return [...found].map(([id, matters]) => ({ id, place: matters[0].place, matters }));
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
// What may be found at a door and registered there.
export const raisable = (kinds) => Object.values(kinds).filter((kind) => kind.intake);

// The visit that carries a card's log into a matter, and its act; none again once that was left out.
export function carrierOf(log) {
  const visit = model.visits.find((one) => one.state !== "replaced" && one.acts.some((act) => act.log === log.id));
  return visit && { visit, act: visit.acts.find((act) => act.log === log.id) };
}

// Of the matters it is about: two of them may bear the same title.
export const numbersOf = (visit) => [...new Set(visit.acts.map((act) => act.number).filter(Boolean))];
