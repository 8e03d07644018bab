// Small parts every screen uses.
import { useEffect, useState } from "preact/hooks";
import { now } from "./model.js";

const UNITS = [["天", 86400], ["小时", 3600], ["分", 60], ["秒", 1]];
const SHORT = { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" };
let short = null; // made when first needed: the gate does without

export const moment = (at) => (at ? (short ??= new Intl.DateTimeFormat("zh-CN", SHORT)).format(new Date(at)) : "");

export function spell(seconds) {
  let rest = Math.floor(Math.abs(seconds));
  const parts = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count || parts.length) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0 秒";
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
    <span class={`clock ${left <= 0 ? "burn" : left < 600 ? "warn" : ""}`} title={clock.why}>
      {clock.says} <b>{left <= 0 ? "超" : "剩"} {spell(left)}</b>
    </span>
  );
}

export const Empty = ({ children }) => <p class="empty">{children}</p>;
export const Badge = ({ tone, children }) => <span class={`badge ${tone ?? ""}`}>{children}</span>;

export function Head({ title, back, children }) {
  return (
    <header class="head">
      {back && <button type="button" class="button quiet square" aria-label="返回" onClick={() => history.back()}>‹</button>}
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
