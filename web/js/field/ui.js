// Small parts every screen uses.
import { useEffect, useState } from "preact/hooks";
import { now } from "./model.js";
import { locale, t } from "./words.js";

const units = () => [[t("天"), 86400], [t("小时"), 3600], [t("分"), 60], [t("秒"), 1]];
const SHORT = { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" };
const made = new Map(); // when first needed: the gate does without

export function asTime(at, how) {
  const key = locale() + how.timeStyle;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(locale(), how));
  return made.get(key).format(at);
}
export const moment = (at) => (at ? asTime(new Date(at), SHORT) : "");

export function spell(seconds) {
  let rest = Math.floor(Math.abs(seconds));
  const parts = [];
  for (const [unit, size] of units()) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count || parts.length) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ") || t("0 秒");
}

// Counts down by the server's time, with or without the server.
export function Clock({ clock }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = (Date.parse(clock.due_at) - now()) / 1000;
  return (
    <span class={`clock ${left <= 0 ? "burn" : left < 600 ? "warn" : ""}`}>
      {clock.says} <b>{left <= 0 ? t("超 {time}", { time: spell(left) }) : t("剩 {time}", { time: spell(left) })}</b>
    </span>
  );
}

// A clock that tells at a tap what it was counted from.
export const ClockWhy = ({ clock }) => (
  <details class="why">
    <summary><Clock clock={clock} /></summary>
    <p class="muted">{clock.why}</p>
  </details>
);

// Held together, so that a narrow screen does not part the number from its unit.
export const sayFar = (far) =>
  (far < 1000 ? t("直线 {count} 米", { count: Math.round(far / 10) * 10 }) : t("直线 {count} 公里", { count: (far / 1000).toFixed(1) })).replaceAll(" ", "\u00a0");

export const Empty = ({ children }) => <p class="empty">{children}</p>;
export const Badge = ({ tone, children }) => <span class={`badge ${tone ?? ""}`}>{children}</span>;

export function Head({ title, back, children }) {
  return (
    <header class="head">
      {back && <button type="button" class="button quiet square" aria-label={t("返回")} onClick={() => history.back()}>‹</button>}
      <h1>{title}</h1>
      {children}
    </header>
  );
}

export const go = (path, { instead = false } = {}) => (instead ? location.replace(`#${path}`) : (location.hash = path));
export const download = (name, blob) => {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
