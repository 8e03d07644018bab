// 发件箱: each visit as it stands, with the server's receipt; and what the phone itself promises to keep.
import { useEffect, useState } from "preact/hooks";
import { foreign, own, reasonOf, stateOf, titleOf } from "./derive.js";
import { me, redraw, useModel } from "./model.js";
import { brought, sealed } from "./last_resort.js";
import { Packets } from "./packets.js";
import { onStatus, status, sync } from "./queue.js";
import { askToStay, room } from "./store.js";
import { Badge, Empty, Head, download, go, moment, spell } from "./ui.js";
import { redo, takeBack } from "./visits.js";

const STATES = {
  draft: ["草稿", "warn"], waiting: ["待送", "warn"], sent: ["已送达", "good"], question: ["待核实", "accent"],
  settled: ["已核实", "good"], refused: ["被退回", "burn"], replaced: ["已改后重送", ""],
};
const ORDER = ["refused", "draft", "waiting", "question", "sent", "settled", "replaced"];
onStatus(redraw);

export function Outbox() {
  useModel();
  const visits = own().filter((visit) => visit.acts.length).sort((one, other) => ORDER.indexOf(stateOf(one)) - ORDER.indexOf(stateOf(other)) || other.seq - one.seq || other.began - one.began);
  const others = foreign();
  return (
    <>
      <Head title="发件箱" />
      <Line />
      <Packets />
      {others.length > 0 && <p class="notice warn">这部手机上还有另一个人的 {others.length} 次走访没有送出。请其本人登录后送出</p>}
      {visits.length ? <ul class="lines">{visits.map((visit) => <Sent key={visit.id} visit={visit} />)}</ul> : <Empty>还没有走访</Empty>}
      <Keeping />
    </>
  );
}

// Whether the line to the server is open, and when it is tried again.
export function Line() {
  const model = useModel();
  const waiting = own().filter((visit) => visit.state === "waiting").length;
  const wait = Math.max(0, (status.next - Date.now()) / 1000);
  const signIn = document.getElementById("app").dataset;
  return (
    <section class="line-state">
      <p role="status">
        {!model.slice ? "" : status.running ? "正在收发…" : waiting ? `待送 ${waiting} 次` : "都已送达"}
        {model.slice && ` · ${moment(model.slice.at)} 更新`}
      </p>
      {status.problem && !status.signedOut && <p class="muted">{status.problem}{wait > 1 && `,${spell(wait)}后再试`}</p>}
      {status.signedOut
        ? <p class="notice warn">需要重新登录,填好的都还在。<a class="button primary" href={`${signIn.signIn}?next=${signIn.scope}`}>登录</a></p>
        : <button type="button" class="button wide" disabled={status.running} onClick={() => sync()}>立即收发</button>}
      {Math.abs(model.offset) > 60_000 && <p class="muted">手机时间差 {spell(model.offset / 1000)},已按服务器时间校正</p>}
    </section>
  );
}

function Sent({ visit }) {
  const state = stateOf(visit);
  const [says, tone] = STATES[state];
  const first = visit.acts.find((act) => !act.done) ?? visit.acts[0];
  return (
    <li class="sent" data-visit={visit.id} data-state={state}>
      <span class="line-top"><b>{titleOf(visit)}</b> <Badge tone={tone}>{says}</Badge></span>
      <span class="muted">{moment(visit.observed_at ?? visit.began)}{visit.photos.length > 0 && ` · 照片 ${visit.photos.length}`}{visit.receipt && <> · 回执 <b class="receipt">{visit.receipt}</b></>}</span>
      {visit.problem && <span class="field-error">{visit.problem.detail || visit.problem.title}</span>}
      {visit.acts.map((act) => <ActResult key={act.key} act={act} />)}
      <span class="row">
        {state === "draft" && <a class="button" href={`#/act/${visit.id}/${first.key}`}>接着填</a>}
        {state === "waiting" && !visit.frozen && <button type="button" class="button" onClick={() => takeBack(visit.id)}>取回修改</button>}
        {state === "refused" && <button type="button" class="button" onClick={async () => { await redo(visit); go("/outbox"); }}>改后重送</button>}
      </span>
    </li>
  );
}

function ActResult({ act }) {
  const why = reasonOf(act.key);
  if (why) return <span class="muted">{act.says}:{why}</span>;
  if (act.result !== "refused") return null;
  const errors = act.problem?.errors?.map((error) => error.says).join(";");
  return <span class="field-error">{act.says}:{errors || act.problem?.detail || act.problem?.title}</span>;
}

function Keeping() {
  const [kept, show] = useState(null);
  const look = () => room().then(show);
  useEffect(() => void look(), []);
  if (!kept) return null;
  const mega = (bytes) => `${(bytes / 1048576).toFixed(1)} MB`;
  return (
    <section>
      <h2>这部手机</h2>
      <p class="muted">{me()?.name} · 已用 {mega(kept.usage)},可用 {mega(kept.quota)} · {kept.kept ? "浏览器不会自行清除" : "空间不足时浏览器可能清除"}</p>
      {!kept.kept && <button type="button" class="button wide" onClick={() => askToStay().then(look)}>请浏览器保留</button>}
      <LastResort />
    </section>
  );
}

function LastResort() {
  const [open, setOpen] = useState("");
  if (open) return <Passphrase bring={open === "in"} leave={() => setOpen("")} />;
  return (
    <>
      <button type="button" class="button quiet wide" onClick={() => setOpen("out")}>送不出去?导出未送的到加密文件</button>
      <button type="button" class="button quiet wide" onClick={() => setOpen("in")}>从加密文件取回</button>
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
      say(`取回 ${await brought(await event.target.files[0].text(), word)} 次走访`);
      sync();
    } catch {
      say("打不开:口令不对,或文件不完整");
    }
  };
  return (
    <div class="field">
      <label for="word">{bring ? "导出时设的口令" : "给文件设一个口令(至少 8 位)"}</label>
      <input id="word" type="password" autocomplete="off" value={word} onInput={(event) => setWord(event.target.value)} />
      {bring
        ? <label class="button wide photo-add" aria-disabled={word.length < 8}><input type="file" accept=".fqx" disabled={word.length < 8} onChange={take} />选文件</label>
        : <button type="button" class="button wide" disabled={word.length < 8} onClick={out}>导出</button>}
      <p class="muted" role="status">{says}</p>
      <button type="button" class="button quiet wide" onClick={leave}>返回</button>
    </div>
  );
}
