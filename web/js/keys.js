// Keys for those who sit at the desk all day. Never while typing, never with a modifier.
import { openDialog } from "./overlays.js";

const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");

function move(step) {
  const rows = [...document.querySelectorAll("tbody tr, ul[data-rows] > li, ol[data-rows] > li")].filter((row) => row.querySelector("a"));
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[now < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, now + step))];
  // the focus itself moves, so that Enter opens and a refresh finds the row again by its link's id
  row.querySelector("a").focus({ focusVisible: true });
  row.scrollIntoView({ block: "nearest" });
}

function go(key) {
  const links = [...document.querySelectorAll(".side .nav a")];
  const link = key === "b" ? links[0] : links[Number(key) - 1];
  link?.click();
}

export function watchKeys() {
  let waiting = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const { key } = event;
    const leading = Date.now() - waiting < 1200;
    waiting = 0;
    if (leading && /^[b1-9]$/.test(key)) return go(key);
    if (key === "g") waiting = Date.now();
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "?") openDialog("keys");
    else if (key === "/") {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    }
  });
}
