// Before anything is shown: this phone is enrolled, lent its key, and opened by its PIN.
import { useEffect, useState } from "preact/hooks";
import { borrow, device, enrol, isLent, isWeak, setPin, signedOut, unlock } from "./device.js";
import { useModel } from "./model.js";
import { Head } from "./ui.js";
import { t } from "./words.js";

const signIn = () => document.getElementById("app").dataset;

// `children`: what is still to be sent although the phone is shut.
export function Gate({ address, children }) {
  useModel();
  const code = address.match(/^\/enrol\/([\w-]+)$/)?.[1];
  return (
    <main id="main" class="gate" data-address={address}>
      {device.why && <p class="notice warn" role="alert">{device.why}</p>}
      {code ? <Enrol code={code} /> : !device.phone ? <Unknown /> : device.hasPin ? <Locked /> : <FirstPin />}
      {children}
    </main>
  );
}

export const SignIn = () => <p class="notice warn">{t("请先登录。")}<a class="button primary" href={`${signIn().signIn}?next=${signIn().scope}`}>{t("登录")}</a></p>;

const Unknown = () => (
  <>
    <Head title={t("登记这部手机")} />
    <p>{t("在电脑上登录，打开右上角自己的名字，点“登记一部手机”，用这部手机扫码。也可以请值班室代为生成。")}</p>
    <p><a class="button wide" href={`${signIn().signIn}?next=/me`}>{t("手边没有电脑？在这里登录后登记")}</a></p>
  </>
);

// A try of something that may fail, and what is said then.
function useTry() {
  const [problem, say] = useState(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (work) => {
    setBusy(true);
    say(null);
    try {
      await work();
    } catch (error) {
      say(error);
    }
    setBusy(false);
  };
  return { problem, busy, attempt };
}

function Enrol({ code }) {
  const { problem, busy, attempt } = useTry();
  const go = () => attempt(async () => { await enrol(code); location.replace("#/"); });
  return (
    <>
      <Head title={t("登记这部手机")} />
      {device.phone && <p class="notice warn">{t("这部手机登记给{name}。重新登记会擦除现有资料，已填好未送的仍会送出", { name: device.phone.name })}</p>}
      <p>{t("登记后，资料加密存在手机里，用六位口令打开。手机丢了，马上告诉值班室。")}</p>
      {problem && <p class="field-error" role="alert">{problem.message}</p>}
      <button type="button" class="button primary wide" disabled={busy} onClick={go}>{t("登记")}</button>
    </>
  );
}

const PinField = ({ id, says, value, change }) => (
  <div class="field">
    <label for={id}>{says}</label>
    <input id={id} class="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="6" value={value} onInput={(event) => change(event.target.value.replace(/\D/g, ""))} />
  </div>
);

function FirstPin() {
  const { problem, busy, attempt } = useTry();
  const [pin, setOne] = useState("");
  const [again, setAgain] = useState("");
  useEffect(() => void attempt(borrow), []);
  if (!isLent()) return <><Head title={t("设置口令")} /><Waiting problem={problem} retry={() => attempt(borrow)} /></>;
  const fault = pin.length < 6 ? t("六位数字") : isWeak(pin) ? t("太好猜，换一个") : again && pin !== again ? t("两次不一样") : "";
  return (
    <form class="form" autocomplete="off" onSubmit={(event) => { event.preventDefault(); attempt(() => setPin(pin)); }}>
      <Head title={t("设置口令")} />
      <p>{t("每次打开、离开五分钟后都要输。连续输错五次，手机里的资料全部擦除。")}</p>
      <PinField id="pin" says={t("六位口令")} value={pin} change={setOne} />
      <PinField id="again" says={t("再输一次")} value={again} change={setAgain} />
      <p class="muted" role="status">{problem?.message ?? fault}</p>
      <button type="submit" class="button primary wide" disabled={busy || Boolean(fault) || pin !== again}>{t("开始使用")}</button>
    </form>
  );
}

// Tried again by itself when the network comes back.
function Waiting({ problem, retry }) {
  useEffect(() => {
    addEventListener("online", retry);
    return () => removeEventListener("online", retry);
  }, []);
  if (!problem) return <p aria-busy="true">{t("正在联系服务器…")}</p>;
  if (signedOut(problem)) return <SignIn />;
  return <><p class="field-error" role="alert">{problem.message}</p><button type="button" class="button wide" onClick={retry}>{t("再试")}</button></>;
}

function Locked() {
  const { problem, busy, attempt } = useTry();
  const [pin, setOne] = useState("");
  const [wrong, setWrong] = useState(false);
  const needsLine = !device.leased && !isLent();
  useEffect(() => void (needsLine && attempt(borrow)), [needsLine]);
  const open = (typed) => {
    setOne(typed);
    setWrong(false);
    if (typed.length < 6) return;
    attempt(async () => {
      const right = await unlock(typed);
      setOne("");
      if (!right) setWrong(true);
    });
  };
  if (needsLine) return (
    <>
      <Head title={t("已锁")} />
      <p>{t("离上次联网已超过 12 小时，手机里的资料现在打不开。连上网、登录后再输口令；没送出的不会丢。")}</p>
      <Waiting problem={problem} retry={() => attempt(borrow)} />
    </>
  );
  return (
    <form class="form" autocomplete="off" onSubmit={(event) => event.preventDefault()}>
      <Head title={t("输入口令")} />
      <p class="muted">{device.phone.name}</p>
      <PinField id="pin" says={t("六位口令")} value={pin} change={open} />
      <p class={wrong ? "field-error" : "muted"} role="status">{busy ? t("正在打开…") : wrong ? t("不对，还可以试 {count} 次，之后擦除", { count: 5 - device.wrong }) : problem?.message}</p>
      <p class="muted">{t("忘了口令：在电脑上重新生成登记码，扫码重来。没填完的草稿会丢失，已填好未送的不会。")}</p>
    </form>
  );
}
