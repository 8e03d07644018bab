// 办理: one act's form, drawn from what it asks. Every answer is on the disk before the next is given.
import { useEffect, useRef, useState } from "preact/hooks";
import { fromWallTime, wallTime } from "./china_time.js";
import { Field } from "./fields.js";
import { now, useModel } from "./model.js";
import { hereAndNow } from "./photos.js";
import { broken, factsOf } from "./rules.js";
import { fault, questions, valueAt, withValue } from "./questions.js";
import { sheetFaults } from "./sheet_rules.js";
import { Team } from "./team.js";
import { Badge, Empty, Head, moment } from "./ui.js";
import { disk, isFull } from "./store.js";
import { answer, discard, dropAct, filled, finish, isKept, leave, note, written } from "./visits.js";
import { listed, t } from "./words.js";

export function ActPage({ id, actKey }) {
  const { visits } = useModel();
  const visit = visits.find((one) => one.id === id);
  const act = visit?.acts.find((one) => one.key === actKey);
  if (!act || visit.state !== "draft") return <><Head title={t("办理")} back /><Empty>{t("已在发件箱")}</Empty><p><a class="button wide" href="#/outbox">{t("看发件箱")}</a></p></>;
  return <Form key={act.key} visit={visit} act={act} />;
}

function Form({ visit, act }) {
  const given = useRef(act.given);
  const said = useRef({ back_at: visit.back_at, back_why: visit.back_why ?? "" }); // as typed, however long the writing takes
  const [, redraw] = useState(0);
  const [tried, setTried] = useState(0);
  // To what is wrong first; in a checklist to its first open item.
  useEffect(() => {
    const first = document.getElementById(Object.keys(wrong).length ? `f-${Object.keys(wrong)[0]}` : late && "when");
    if (tried) (first?.querySelector(".item[aria-invalid=true]") ?? first)?.scrollIntoView({ block: "center" });
  }, [tried]);
  const again = () => redraw((count) => count + 1);
  const facts = factsOf(visit, act);
  const asked = questions(act.asks).filter((question) => !question.only || facts[question.only]);
  const fields = asked.filter((question) => !question.heading);
  const rules = broken(act, given.current, visit);
  const late = said.current.back_at && !said.current.back_why ? t("写明为什么现在才填，或清掉时间") : "";
  const wrong = Object.fromEntries(fields.map((question) => [question.id, faultOf(question, given.current, act) || rules[question.id]]).filter(([, says]) => says));
  // `next`: the answer, or a function of the one that stands, for two taps before the screen is drawn again.
  const change = (path, next) => {
    const value = typeof next === "function" ? next(valueAt(given.current, path)) : next;
    given.current = withValue(given.current, path, value);
    const kept = answer(visit.id, act.key, path, value);
    again();
    return kept.then(again);
  };
  const say = (name, value) => {
    said.current = { ...said.current, [name]: value };
    note(visit.id, name, value).then(again);
    again();
  };
  const done = async (send) => {
    setTried((count) => count + 1);
    if (Object.keys(wrong).length || late) return;
    if (!(await written())) return; // whatever is still being written comes first
    await filled(visit.id, act.key);
    if (send) {
      await finish(visit.id);
      location.hash = "/outbox";
    } else history.back();
  };
  const press = (send) => done(send).catch((error) => { if (!isFull(error)) throw error; });
  const others = visit.acts.filter((one) => one.key !== act.key && !one.untouched);
  const open = others.filter((one) => !one.done);
  useEffect(() => () => void leave(visit.id, act.key).catch(() => {}), []);
  return (
    <form class="form" autocomplete="off" onSubmit={(event) => event.preventDefault()}>
      <Head title={act.says} back />
      <p class="muted row apart"><span>{visit.title}{act.number && ` · ${act.number}`}</span><span class="saved" role="status">{isKept() ? t("已存在手机") : disk.problem || t("正在存…")}</span></p>
      {asked.map((question) => question.heading
        ? <h2 key={question.path.join(".")}>{question.heading}</h2>
        : <Field key={question.id} question={question} value={valueAt(given.current, question.path)} change={(value) => change(question.path, value)}
            error={tried ? wrong[question.id] : ""} visit={visit} act={act} />)}
      <When said={said.current} say={say} fault={tried ? late : ""} />
      <Team visit={visit} />
      <Where visit={visit} given={given.current} fields={fields} change={change} />
      {tried > 0 && Object.keys(wrong).length > 0 && <p class="field-error" role="alert">{t("还有 {count} 项要改", { count: Object.keys(wrong).length })}</p>}
      {others.length > 0 && <p class="muted">{t("同一次走访还有：{acts}", { acts: listed(others.map((one) => one.says)) })}</p>}
      {open.length > 0 && <p class="notice warn">{t("还有没填完的，填好才能送出：")}{open.map((one) => <a key={one.key} class="button" href={`#/act/${visit.id}/${one.key}`}>{one.says}{one.number && ` · ${one.number}`}</a>)}</p>}
      <div class="form-foot">
        <button type="button" class="button primary wide" disabled={open.length > 0} onClick={() => press(true)}>{t("办完，送出")}</button>
        <button type="button" class="button wide" onClick={() => press(false)}>{t("填好，再办一件")}</button>
        <button type="button" class="button quiet wide" onClick={() => leaveOut(visit, act)}>{t("不办了")}</button>
      </div>
    </form>
  );
}

const faultOf = (question, given, act) =>
  question.widget === "sheet" ? sheetFaults(act.items ?? [], valueAt(given, question.path) ?? act.known ?? {}) : fault(question, given);

async function leaveOut(visit, act) {
  if (!confirm(t("删掉这一项已填的内容？"))) return;
  await (visit.acts.length > 1 ? dropAct(visit.id, act.key) : discard(visit));
  history.back();
}

// Done earlier than written down: say when, and why it is told late.
function When({ said, say, fault }) {
  const [open, setOpen] = useState(Boolean(said.back_at));
  if (!open) return <button type="button" class="button quiet" onClick={() => setOpen(true)}>{t("不是现在办的？改时间")}</button>;
  return (
    <fieldset class="field" id="when" aria-invalid={fault ? "true" : undefined}>
      <legend>{t("实际时间")}</legend>
      <input type="datetime-local" aria-label={t("实际时间")} max={wallTime(now())} value={said.back_at ? wallTime(said.back_at) : ""} onChange={(event) => say("back_at", fromWallTime(event.target.value) || null)} />
      <input aria-label={t("为什么现在才填")} placeholder={t("为什么现在才填")} maxlength="200" aria-invalid={fault ? "true" : undefined} value={said.back_why} onInput={(event) => say("back_why", event.target.value)} />
      {fault && <span class="field-error" role="alert">{fault}</span>}
    </fieldset>
  );
}

function Where({ visit, given, fields, change }) {
  const [says, say] = useState("");
  const take = async () => {
    say(t("定位中…"));
    try {
      const point = await hereAndNow();
      await note(visit.id, "point", point);
      for (const name of ["lon", "lat"]) if (fields.some((field) => field.id === name)) await change([name], point[name]);
      say("");
    } catch (error) {
      say(error.message);
    }
  };
  return (
    <p class="row">
      <button type="button" class="button" onClick={take}>{t("记下这个位置")}</button>
      <span class="muted" role="status">{says || (visit.point ? t("已记，误差约 {metres} 米", { metres: visit.point.accuracy }) : t("只在您点的时候定位一次"))}</span>
    </p>
  );
}
