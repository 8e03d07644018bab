// Behind the gate: screens by address, and the bar at the thumb.
import { CardPage, Cards } from "./cards.js";
import { unsent } from "./derive.js";
import { MatterPage, PlacePage } from "./door.js";
import { ActPage } from "./form.js";
import { redraw, useModel } from "./model.js";
import { Behind, Line, Outbox, Whole } from "./outbox.js";
import { Places } from "./places.js";
import { status } from "./queue.js";
import { disk } from "./store.js";
import { Today } from "./today.js";
import { Watermark } from "./watermark.js";
import { cycleSize } from "./text_size.js";
import { t } from "./words.js";

export { Packets } from "./packets.js";
export { keepTrying, sync } from "./queue.js";

const ROUTES = [
  [/^\/$/, () => <Today />],
  [/^\/places$/, () => <Places />],
  [/^\/place\/([\w-]+)$/, (id) => <PlacePage id={id} />],
  [/^\/matter\/([\w-]+)$/, (id) => <MatterPage id={id} />],
  [/^\/act\/([\w-]+)\/([\w-]+)$/, (id, key) => <ActPage id={id} actKey={key} />],
  [/^\/outbox$/, () => <Outbox />],
  [/^\/cards$/, () => <Cards />],
  [/^\/card\/([\w-]+)(?:\/([\w-]+))?$/, (slug, log) => <CardPage slug={slug} logId={log} />],
];
const tabs = () => [["/", t("今天")], ["/places", t("场所")], ["/cards", t("行动卡")], ["/outbox", t("发件箱")]];

function screen(address) {
  for (const [pattern, shown] of ROUTES) {
    const found = address.match(pattern);
    if (found) return shown(...found.slice(1));
  }
  return <Today />;
}

export function Screens({ address, update }) {
  const { slice } = useModel();
  const waiting = unsent().filter((visit) => visit.acts.length).length;
  return (
    <>
      <main id="main" data-address={address}>
        {update && <p class="notice"><button type="button" class="button" onClick={update}>{t("有新版本，点此更新")}</button></p>}
        {disk.problem && <p class="notice warn full" role="alert">{t("{problem}。删掉一些照片或应用，会自动再存", { problem: disk.problem })}</p>}
        {slice && address !== "/outbox" && <Behind />}
        {slice ? screen(address) : <First />}
        {slice && ["/", "/places"].includes(address) && <Whole />}
      </main>
      {slice && <Watermark />}
      <nav class="bar" aria-label={t("主导航")}>
        {tabs().map(([path, says]) => (
          <a key={path} href={`#${path}`} aria-current={address === path ? "page" : undefined}>
            {says}{path === "/outbox" && waiting > 0 && <em aria-label={t("未送 {count} 次", { count: waiting })}>{waiting}</em>}
          </a>
        ))}
        <button type="button" onClick={() => { cycleSize(); redraw(); }}>{t("字号")}</button>
      </nav>
    </>
  );
}

// Nothing is on the phone yet: it must reach the server once.
const First = () => (
  <>
    <h1>{t("枫桥手机")}</h1>
    <p>{status.signedOut ? t("请先登录，把辖区下载到手机。之后没有信号也能用。") : t("正在下载辖区…")}</p>
    <Line />
  </>
);

