// This phone as the station knows it: enrolled, lent a part of its key for twelve hours, opened by a PIN, wiped.
// The data's key is in memory only, while the phone is open; on the disk lies the server's part, wrapped under the
// PIN and the phone's secret, until the lease ends.
import { Refused, call, onWiped, speakFor, speakOpened } from "./net.js";
import { dataKey, newKeys, opened, openedText, pinBits, proofKey, random, shut, shutText, unpacked, wrapKey } from "./sealing.js";
import * as store from "./store.js";
import { t } from "./words.js";

const MOST_WRONG = 5;
const IDLE = 5 * 60_000;
const RENEW_AFTER = 20 * 60_000;
const SLACK = 60_000;
export const device = { ready: false, phone: null, hasPin: false, leased: false, open: false, wrong: 0, why: "" };
let held = null; // while open: {wrap, until, since}
let lent = null; // just borrowed, before the PIN: {part, until}
let watcher = () => {};
export const onDevice = (listener) => (watcher = listener);

function say(changes) {
  Object.assign(device, changes);
  watcher();
}

export async function load() {
  const [phone, pin, wiping] = await Promise.all(["phone", "pin", "wiping"].map((name) => store.get("vault", name)));
  if (wiping) return forgetKeys();
  speakFor(phone);
  const lease = await leaseNow();
  say({ ready: true, phone: phone ?? null, hasPin: Boolean(pin), leased: Boolean(lease), wrong: pin?.wrong ?? 0 });
}

// The lease, unless it has ended: then its part is gone from the disk before anything else happens. A clock that
// went back ends it too.
async function leaseNow() {
  const lease = await store.get("vault", "lease");
  if (!lease || !isOver(lease)) return lease;
  await store.save({ remove: { vault: ["lease"] } });
  return undefined;
}

const isOver = ({ until, seen }) => Date.now() >= until || Date.now() < seen - SLACK;

export async function enrol(code) {
  if (device.phone) await wipe({ tell: false });
  const { sign, secret, point } = await newKeys();
  const name = navigator.userAgentData?.model || navigator.userAgent.match(/\(([^;)]+;){1,2} ([^;)]+)\)/)?.[2] || "";
  const told = await call("/field/phones", { body: JSON.stringify({ code, key: point, name: name.slice(0, 60) }) });
  const phone = { id: told.phone, person: told.person, name: told.name, station: told.station_key, offset: Date.parse(told.now) - Date.now(), sign, secret };
  await store.save({ vault: { phone } });
  await load();
}

// Asks the server for its part. Held until the server's time says so, counted on this phone's own clock.
export async function borrow({ passive = false } = {}) {
  const told = await call("/field/lease", { body: JSON.stringify({ wrong_pins: device.wrong }), passive });
  const found = { part: unpacked(told.part), until: Date.now() + Date.parse(told.until) - Date.parse(told.now) };
  if (held) {
    held = { ...held, until: found.until, since: Date.now() };
    return store.save({ vault: { lease: await leaseUnder(held.wrap, found) } });
  }
  lent = found;
  watcher();
}

export const isLent = () => Boolean(lent);

const leaseUnder = async (wrap, { part, until }) => ({ until, seen: Date.now(), ...(await shut(wrap, part)) });

export async function setPin(pin) {
  const salt = random(16);
  const bits = await pinBits(pin, salt, device.phone.secret);
  const key = await dataKey(bits, lent.part);
  const pinKept = { salt, wrong: 0, check: await shutText(key, "fengqiao") };
  await enter({ bits, found: lent, key, pin: pinKept, empty: store.SEALED });
}

// Gives whether the PIN was right. One try at a time, however many pages are open.
export const unlock = (pin) => (navigator.locks ? navigator.locks.request("fengqiao-pin", () => attempt(pin)) : attempt(pin));

// A try is on the disk before it is judged, so that a power button does not save one; what takes long goes on meanwhile.
async function attempt(pin) {
  const kept = await store.get("vault", "pin");
  const counted = store.save({ vault: { pin: { ...kept, wrong: kept.wrong + 1 } } });
  const [bits] = await Promise.all([pinBits(pin, kept.salt, device.phone.secret), counted]);
  const found = lent ?? (await leasedPart(bits));
  const key = found && (await dataKey(bits, found.part));
  const right = key && (await openedText(key, kept.check).then(() => true, () => false));
  if (!right) return wrong(kept.wrong + 1);
  await enter({ bits, found, key, pin: { ...kept, wrong: 0 } });
  return true;
}

async function leasedPart(bits) {
  const lease = await leaseNow();
  if (!lease) throw new Error(t("离上次联网已超过 12 小时，联网后再输口令"));
  try {
    return { part: new Uint8Array(await opened(await wrapKey(bits), lease)), until: lease.until };
  } catch {
    return null;
  }
}

async function wrong(count) {
  say({ wrong: count });
  if (count >= MOST_WRONG) await wipe({ why: t("口令输错五次，手机里的资料已擦除") });
  return false;
}

async function enter({ bits, found, key, pin, empty = [] }) {
  const wrap = await wrapKey(bits);
  await store.save({ empty, vault: { pin, lease: await leaseUnder(wrap, found) } });
  held = { wrap, until: found.until, since: Date.now() };
  lent = null;
  speakOpened(await proofKey(found.part));
  store.useKey(key);
  say({ open: true, hasPin: true, leased: true, wrong: 0, why: "" });
}

export function lock() {
  held = lent = null;
  speakOpened(null);
  store.useKey(null);
  say({ open: false });
}

// While open and online: lent anew now and then. A lease that ended locks, whatever the network says.
export async function renew({ passive }) {
  if (held && Date.now() - held.since > RENEW_AFTER) await borrow({ passive });
}

export async function look() {
  const lease = await leaseNow();
  if (lease && held) await store.save({ vault: { lease: { ...lease, seen: Math.max(lease.seen, Date.now()) } } });
  if (!lease && device.leased) {
    lock();
    say({ leased: false });
  }
}

// Everything goes but what the station alone can open. What is told to the server comes after: the data is gone
// by then, network or not.
export async function wipe({ why = "", tell = true } = {}) {
  const count = device.wrong;
  lock();
  await store.save({ empty: store.SEALED, remove: { vault: ["pin", "lease"] }, vault: { wiping: true } });
  if (tell) await call("/field/wiped", { body: JSON.stringify({ wrong_pins: Math.min(count, MOST_WRONG) }), seconds: 5 }).catch(() => {});
  await forgetKeys();
  say({ why });
}

async function forgetKeys() {
  await store.save({ empty: ["vault"] });
  speakFor(undefined);
  say({ ready: true, phone: null, hasPin: false, leased: false, open: false, wrong: 0 });
}

// In the background for five minutes, or woken after: the PIN is asked again.
export function watchOver() {
  let since = 0;
  onWiped(() => device.phone && wipe({ why: t("这部手机已被停用，手机里的资料已擦除") }));
  store.watch((names) => names.includes("vault") && elsewhere());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) since = Date.now();
    else if (since && Date.now() - since >= IDLE) lock();
    if (!document.hidden) look();
  });
  setInterval(() => (document.hidden && since && Date.now() - since >= IDLE ? lock() : look()), 30_000);
}

// Another page wiped or enrolled this phone.
async function elsewhere() {
  const phone = await store.get("vault", "phone");
  if (device.phone && phone?.id !== device.phone.id && !(await store.get("vault", "wiping"))) {
    lock();
    await load();
  }
}

export const signedOut = (error) => error instanceof Refused && error.status === 401;
export const isWeak = (pin) => /^(\d)\1{5}$/.test(pin) || "0123456789".includes(pin) || "9876543210".includes(pin);
