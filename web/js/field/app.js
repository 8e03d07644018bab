// The phone app: screens by address, the bar at the thumb, and everything started once.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CardPage, Cards } from "./cards.js";
import { unsent } from "./derive.js";
import { device, load, onDevice, watchOver } from "./device.js";
import { MatterPage, PlacePage } from "./door.js";
import { ActPage } from "./form.js";
import { Gate } from "./gate.js";
import { forget, redraw, refresh, useModel } from "./model.js";
import { Line, Outbox } from "./outbox.js";
import { Places } from "./places.js";
import { keepTrying, status } from "./queue.js";
import { askToStay, watch } from "./store.js";
import { Today } from "./today.js";
import { Watermark } from "./watermark.js";
import { cycleSize, startSize } from "./text_size.js";

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
const TABS = [["/", "今天"], ["/places", "场所"], ["/cards", "行动卡"], ["/outbox", "发件箱"]];

function useAddress() {
  const read = () => location.hash.slice(1) || "/";
  const [address, move] = useState(read);
  useEffect(() => {
    const moved = () => { move(read()); scrollTo(0, 0); };
    addEventListener("hashchange", moved);
    move(read()); // it may have changed before anybody listened
    return () => removeEventListener("hashchange", moved);
  }, []);
  return address;
}

function screen(address) {
  for (const [pattern, shown] of ROUTES) {
    const found = address.match(pattern);
    if (found) return shown(...found.slice(1));
  }
  return <Today />;
}

function App({ update }) {
  const { ready, slice } = useModel();
  const address = useAddress();
  const waiting = unsent().filter((visit) => visit.acts.length).length;
  if (!ready || !device.ready) return <main class="wait" aria-busy="true">…</main>;
  if (!device.open || address.startsWith("/enrol/")) return <Gate address={address} />;
  return (
    <>
      <main id="main" data-address={address}>
        {update && <p class="notice"><button type="button" class="button" onClick={update}>有新版本,点此更新</button></p>}
        {slice ? screen(address) : <First />}
      </main>
      {slice && <Watermark />}
      <nav class="bar" aria-label="主导航">
        {TABS.map(([path, says]) => (
          <a key={path} href={`#${path}`} aria-current={address === path ? "page" : undefined}>
            {says}{path === "/outbox" && waiting > 0 && <em aria-label={`未送 ${waiting} 次`}>{waiting}</em>}
          </a>
        ))}
        <button type="button" onClick={() => { cycleSize(); redraw(); }} aria-label="字号">字</button>
      </nav>
    </>
  );
}

// Nothing is on the phone yet: it must reach the server once.
const First = () => (
  <>
    <h1>枫桥手机</h1>
    <p>{status.signedOut ? "请先登录,把辖区下载到手机。之后没有信号也能用。" : "正在下载辖区…"}</p>
    <Line />
  </>
);

// A new version waits until the person lets it take over; what is on the screen is saved already.
async function startWorker(root, offer) {
  if (!navigator.serviceWorker) return;
  const had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => had && location.reload());
  const registration = await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
  const whole = () => registration.waiting && had && offer(() => registration.waiting.postMessage("take-over"));
  whole();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", whole));
  document.addEventListener("visibilitychange", () => document.hidden || registration.update().catch(() => {}));
}

const root = document.getElementById("app");
startSize();
render(<App />, root);
watch(refresh);
let opened = false;
onDevice(() => {
  if (device.open !== opened) (opened = device.open) ? refresh() : forget();
  redraw();
});
watchOver();
const started = load().then(() => refresh()).catch((error) => (root.textContent = `打不开手机里的数据:${error.message}`));
askToStay();
// On a slow line the beat comes before the copy of the app.
Promise.race([started.then(keepTrying), new Promise((done) => setTimeout(done, 5000))])
  .then(() => startWorker(root, (update) => render(<App update={update} />, root)))
  .catch(() => {});

