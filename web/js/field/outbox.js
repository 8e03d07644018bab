// 发件箱: each visit as it stands, with the server's receipt; and what the phone itself promises to keep.
import { useEffect, useState } from "preact/hooks";
import { foreign, numbersOf, own, reasonOf, stateOf, titleOf } from "./derive.js";
import { me, now, redraw, useModel } from "./model.js";
import { brought, sealed } from "./last_resort.js";
import { Packets } from "./packets.js";
import { PATIENCE, onStatus, status, sync } from "./queue.js";
import { askToStay, get, room } from "./store.js";
import { Badge, Empty, Head, download, go, moment, spell } from "./ui.js";
import { redo, takeBack } from "./visits.js";
import { t } from "./words.js";

export const states = () => ({
  draft: [t("草稿"), "warn"], waiting: [t("待送"), "warn"], sent: [t("已送达"), "good"], question: [t("待核实"), "accent"],
  settled: [t("已核实"), "good"], refused: [t("被退回"), "burn"], replaced: [t("已改后重送"), ""],
});
const STALE = 15 * 60_000;
const ORDER = ["refused", "draft", "waiting", "question", "sent", "settled", "replaced"];
onStatus(redraw);

export function Outbox() {
  useModel();
  const visits = own().filter((visit) => visit.acts.length).sort((one, other) => ORDER.indexOf(stateOf(one)) - ORDER.indexOf(stateOf(other)) || other.seq - one.seq || other.began - one.began);
  const others = foreign();
  return (
    <>
      <Head title={t("发件箱")} />
      <Line />
      <Packets />
      {others.length > 0 && <p class="notice warn">{t("这部手机上还有另一个人的 {count} 次走访没有送出。请其本人登录后送出", { count: others.length })}</p>}
      {visits.length ? <ul class="lines">{visits.map((visit) => <Sent key={visit.id} visit={visit} />)}</ul> : <Empty>{t("还没有走访")}</Empty>}
      <Keeping />
    </>
  );
}

// On every screen but this one, which says so itself: what is shown may not be what is.
export function Behind() {
  const { slice } = useModel();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  if (status.signedOut) return <SignedOut />;
  const old = now() - slice.at;
  return old > STALE && <p class="notice warn" role="status">{t("{time}没有更新了，新的预警可能还没有到手机", { time: spell(old / 1000) })}</p>;
}

const SignedOut = () => {
  const { signIn, scope } = document.getElementById("app").dataset;
  return <p class="notice warn">{t("需要重新登录，填好的都还在。")}<a class="button primary" href={`${signIn}?next=${scope}`}>{t("登录")}</a></p>;
};

// What of the beat is not on the phone, or not yet.
export function Whole() {
  const { places, slice } = useModel();
  const left = slice.left_out;
  if (slice.loading) return <p class="muted" role="status">{t("场所还在下载，已有 {count} 处", { count: places.length })}</p>;
  if (!left?.matters && !left?.places) return null;
  return <p class="notice warn">{t("手机里放不下：还有 {matters} 件事项、{places} 处场所，请到电脑上看", left)}</p>;
}

// Whether the line to the server is open, and when it is tried again.
export function Line() {
  const model = useModel();
  const waiting = own().filter((visit) => visit.state === "waiting").length;
  const wait = Math.max(0, (status.next - Date.now()) / 1000);
  return (
    <section class="line-state">
      <p role="status">
        {!model.slice ? "" : status.running ? t("正在收发…") : waiting ? t("待送 {count} 次", { count: waiting }) : t("都已送达")}
        {model.slice && ` · ${t("{time} 更新", { time: moment(model.slice.at) })}`}
      </p>
      {status.problem && !status.signedOut && <p class="muted">{status.problem}{wait > 1 && t(",{time}后再试", { time: spell(wait) })}</p>}
      {status.signedOut
        ? <SignedOut />
        : <button type="button" class="button wide" disabled={status.running} onClick={() => sync()}>{t("立即收发")}</button>}
      {Math.abs(model.offset) > 60_000 && <p class="muted">{t("手机时间差 {time}，已按服务器时间校正", { time: spell(model.offset / 1000) })}</p>}
    </section>
  );
}

function Sent({ visit }) {
  const state = stateOf(visit);
  const [says, tone] = state === "waiting" && visit.stuck >= PATIENCE ? [t("暂时送不出"), "burn"] : states()[state];
  const first = visit.acts.find((act) => !act.done) ?? visit.acts[0];
  return (
    <li class="sent" data-visit={visit.id} data-state={state}>
      <span class="line-top"><b>{titleOf(visit)}</b> <Badge tone={tone}>{says}</Badge></span>
      <span class="muted">{[...numbersOf(visit), moment(visit.observed_at ?? visit.began)].join(" · ")}{visit.photos.length > 0 && ` · ${t("照片 {count} 张", { count: visit.photos.length })}`}{visit.receipt && <> · {t("回执")} <b class="receipt">{visit.receipt}</b></>}</span>
      {visit.problem && <span class="field-error">{visit.problem.detail || visit.problem.title}</span>}
      {visit.acts.map((act) => <ActResult key={act.key} act={act} />)}
      <span class="row">
        {state === "draft" && <a class="button" href={`#/act/${visit.id}/${first.key}`}>{t("接着填")}</a>}
        {state === "waiting" && !visit.frozen && <button type="button" class="button" onClick={() => takeBack(visit.id)}>{t("取回修改")}</button>}
        {state === "refused" && <button type="button" class="button" onClick={async () => openFirst(await redo(visit))}>{t("改后重送")}</button>}
      </span>
    </li>
  );
}

// What was refused is mended where it is written.
async function openFirst(id) {
  const { acts } = await get("visits", id);
  go(`/act/${id}/${acts[0].key}`);
}

function ActResult({ act }) {
  const why = reasonOf(act.key);
  if (why) return <span class="muted">{act.says}:{why}</span>;
  if (act.result !== "refused") return null;
  const errors = act.problem?.errors?.map((error) => error.says).join("；");
  return <span class="field-error">{act.says}:{errors || act.problem?.detail || act.problem?.title}</span>;
}

function Keeping() {
  const [kept, show] = useState(null);
  const look = () => room().then(show);
  useEffect(() => void look(), []);
  if (!kept) return null;
  const size = (bytes) => (bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${(bytes / 2 ** 30).toFixed(0)} GB`);
  return (
    <section>
      <h2>{t("这部手机")}</h2>
      <p class="muted">{me()?.name} · {t("已用 {used}，可用 {free}", { used: size(kept.usage), free: size(kept.quota) })} · {kept.kept ? t("浏览器不会自行清除") : t("空间不足时浏览器可能清除")}</p>
      <p class="muted">{t("送达的内容不再留在手机，只留回执 14 天；草稿、被退回的留 30 天；行动卡记录留 14 天")}</p>
      {!kept.kept && <button type="button" class="button wide" onClick={() => askToStay().then(look)}>{t("请浏览器保留")}</button>}
      <LastResort />
    </section>
  );
}

function LastResort() {
  const [open, setOpen] = useState("");
  if (open) return <Passphrase bring={open === "in"} leave={() => setOpen("")} />;
  return (
    <>
      <button type="button" class="button quiet wide" onClick={() => setOpen("out")}>{t("送不出去？导出未送的到加密文件")}</button>
      <button type="button" class="button quiet wide" onClick={() => setOpen("in")}>{t("从加密文件取回")}</button>
    </>
  );
}

function Passphrase({ bring, leave }) {
  const [word, setWord] = useState("");
  const [says, say] = useState("");
  const out = async () => {
    const { file } = await sealed(word);
    download(`fengqiao-${new Date().toISOString().slice(0, 10)}.fqx`, new Blob([file], { type: "application/octet-stream" }));
    leave();
  };
  const take = async (event) => {
    try {
      say(t("取回 {count} 次走访", { count: await brought(await event.target.files[0].text(), word) }));
      sync();
    } catch {
      say(t("打不开：口令不对，或文件不完整"));
    }
  };
  return (
    <div class="field">
      <label for="word">{bring ? t("导出时设的口令") : t("给文件设一个口令(至少 8 位)")}</label>
      <input id="word" type="password" autocomplete="off" value={word} onInput={(event) => setWord(event.target.value)} />
      {bring
        ? <label class="button wide photo-add" aria-disabled={word.length < 8}><input type="file" accept=".fqx" disabled={word.length < 8} onChange={take} />{t("选文件")}</label>
        : <button type="button" class="button wide" disabled={word.length < 8} onClick={out}>{t("导出")}</button>}
      <p class="muted" role="status">{says}</p>
      <button type="button" class="button quiet wide" onClick={leave}>{t("返回")}</button>
    </div>
  );
}
