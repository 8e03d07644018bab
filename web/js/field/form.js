// 办理: one act's form, drawn from what it asks. Every answer is on the disk before the next is given.
import { useRef, useState } from "preact/hooks";
import { fromWallTime, wallTime } from "./china_time.js";
import { Field } from "./fields.js";
import { now, useModel } from "./model.js";
import { hereAndNow } from "./photos.js";
import { broken, factsOf } from "./rules.js";
import { fault, questions, valueAt, withValue } from "./questions.js";
import { sheetFaults } from "./sheet_rules.js";
import { Team } from "./team.js";
import { Badge, Empty, Head, moment } from "./ui.js";
import { answer, discard, dropAct, filled, finish, note, written } from "./visits.js";
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
  const [, redraw] = useState(0);
  const [tried, setTried] = useState(false);
  const [saved, setSaved] = useState(true);
  const facts = factsOf(visit, act);
  const asked = questions(act.asks).filter((question) => !question.only || facts[question.only]);
  const fields = asked.filter((question) => !question.heading);
  const rules = broken(act, given.current, visit);
  const wrong = Object.fromEntries(fields.map((question) => [question.id, faultOf(question, given.current, act) || rules[question.id]]).filter(([, says]) => says));
  // `next`: the answer, or a function of the one that stands, for two taps before the screen is drawn again.
  const change = (path, next) => {
    const value = typeof next === "function" ? next(valueAt(given.current, path)) : next;
    given.current = withValue(given.current, path, value);
    redraw((count) => count + 1);
    setSaved(false);
    return answer(visit.id, act.key, path, value).then(() => setSaved(true));
  };
  const done = async (leave) => {
    setTried(true);
    if (Object.keys(wrong).length) {
      document.getElementById(`f-${Object.keys(wrong)[0]}`)?.scrollIntoView({ block: "center" });
      return;
    }
    await written(); // whatever is still being written comes first
    await filled(visit.id, act.key);
    if (leave) {
      await finish(visit.id);
      location.hash = "/outbox";
    } else history.back();
  };
  const others = visit.acts.filter((one) => one.key !== act.key);
  return (
    <form class="form" autocomplete="off" onSubmit={(event) => { event.preventDefault(); done(true); }}>
      <Head title={act.says} back />
      <p class="muted row apart"><span>{visit.title}{act.number && ` · ${act.number}`}</span><span class="saved" role="status">{saved ? t("已存在手机") : t("正在存…")}</span></p>
      {asked.map((question) => question.heading
        ? <h2 key={question.path.join(".")}>{question.heading}</h2>
        : <Field key={question.id} question={question} value={valueAt(given.current, question.path)} change={(value) => change(question.path, value)}
            error={tried ? wrong[question.id] : ""} visit={visit} act={act} />)}
      <When visit={visit} />
      <Team visit={visit} />
      <Where visit={visit} given={given.current} fields={fields} change={change} />
      {tried && Object.keys(wrong).length > 0 && <p class="field-error" role="alert">{t("还有 {count} 项要改", { count: Object.keys(wrong).length })}</p>}
      {others.length > 0 && <p class="muted">{t("同一次走访还有：{acts}", { acts: listed(others.map((one) => one.says)) })}</p>}
      <div class="form-foot">
        <button type="submit" class="button primary wide" disabled={others.some((one) => !one.done)}>{t("办完，送出")}</button>
        <button type="button" class="button wide" onClick={() => done(false)}>{t("填好，再办一件")}</button>
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
function When({ visit }) {
  const [open, setOpen] = useState(Boolean(visit.back_at));
  const [why, setWhy] = useState(visit.back_why ?? ""); // what is typed stands, however long the writing takes
  const say = (value) => { setWhy(value); note(visit.id, "back_why", value); };
  if (!open) return <button type="button" class="button quiet" onClick={() => setOpen(true)}>{t("不是现在办的？改时间")}</button>;
  return (
    <fieldset class="field">
      <legend>{t("实际时间")}</legend>
      <input type="datetime-local" aria-label={t("实际时间")} max={wallTime(now())} value={visit.back_at ? wallTime(visit.back_at) : ""} onChange={(event) => note(visit.id, "back_at", fromWallTime(event.target.value) || null)} />
      <input aria-label={t("为什么现在才填")} placeholder={t("为什么现在才填")} maxlength="200" value={why} onInput={(event) => say(event.target.value)} />
      {visit.back_at > 0 && !why && <span class="field-error">{t("写明原因才会用这个时间")}</span>}
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
