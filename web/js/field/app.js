// The phone app as it starts: the gate at once, the screens behind it while the PIN is typed, everything started once.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { device, load, onDevice, watchOver } from "./device.js";
import { Gate } from "./gate.js";
import { forget, redraw, refresh, useModel } from "./model.js";
import { askToStay, watch } from "./store.js";
import { startSize } from "./text_size.js";
import { firstLanguage, speak, t } from "./words.js";

let behind = null; // screens.js

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

function App({ update }) {
  const { ready } = useModel();
  const address = useAddress();
  if (!device.ready) return <Wait />;
  if (!device.open || address.startsWith("/enrol/")) return <Gate address={address}>{behind && <behind.Packets />}</Gate>;
  return ready && behind ? <behind.Screens address={address} update={update} /> : <Wait />;
}

const Wait = () => <main class="wait" aria-busy="true">…</main>;
const Missing = () => <main class="gate"><p class="field-error" role="alert">{t("没有下载完整")}</p><button type="button" class="button wide" onClick={() => location.reload()}>{t("再试")}</button></main>;

const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

// The screens, and what speaks with the server: not asked for before the gate is drawn, so that neither the line nor
// the processor is shared with it.
async function comeBehind() {
  try {
    behind = await import("./screens.js");
    await behind.keepTrying();
  } catch {
    behind ??= { Screens: Missing, Packets: () => null };
  }
  redraw();
}

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

function begin() {
  refresh();
  behind?.sync();
}

const root = document.getElementById("app");
startSize();
render(<App />, root);
watch(refresh);
let opened = false;
onDevice(() => {
  if (device.open !== opened) (opened = device.open) ? begin() : forget();
  redraw();
});
watchOver();
speak(firstLanguage())
  .then(load)
  .then(() => { refresh(); askToStay(); })
  .then(drawn)
  // On a slow line the beat comes before the copy of the app.
  .then(() => Promise.race([comeBehind(), new Promise((done) => setTimeout(done, 5000))]))
  .then(() => startWorker(root, (update) => render(<App update={update} />, root)))
  .catch((error) => device.ready || (root.textContent = t("打不开手机里的数据：{why}", { why: error.message })));
