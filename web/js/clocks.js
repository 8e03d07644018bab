// Deadlines tick in the browser; the server has drawn the same words for browsers without scripts.
const SIZES = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const STATION_TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "Asia/Shanghai" });

export function spell(seconds, words) {
  let rest = Math.floor(Math.abs(seconds));
  const parts = [];
  for (const [unit, size] of SIZES) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count || (unit === "second" && !parts.length)) parts.push(`${count} ${words[unit]}`);
    else if (parts.length) break;
  }
  return parts.slice(0, 2).join(" ");
}

function draw(clock, now, words) {
  const due = Date.parse(clock.dateTime);
  const left = (due - now) / 1000;
  const tone = left <= 0 ? "burning" : now >= Date.parse(clock.dataset.warn) ? "warning" : "calm";
  if (!clock.classList.contains(tone)) {
    clock.classList.remove("calm", "warning", "burning");
    clock.classList.add(tone);
    clock.closest("[data-clock-row]")?.setAttribute("data-tone", tone);
  }
  const says = (left <= 0 ? words.over : words.left).replace("{}", spell(left, words));
  const text = clock.querySelector("span");
  if (text.textContent !== says) text.textContent = says;
  if (clock.dataset.started) {
    const started = Date.parse(clock.dataset.started);
    const share = Math.max(0, Math.min(100, (100 * (due - now)) / (due - started)));
    clock.querySelector(".clock-left").setAttribute("stroke-dasharray", `${share.toFixed(1)} 100`);
  }
}

export function watchClocks(words) {
  const tick = () => {
    if (document.hidden) return;
    const now = Date.now();
    for (const clock of document.querySelectorAll("[data-clock]")) draw(clock, now, words);
    for (const clock of document.querySelectorAll("[data-now]")) clock.textContent = STATION_TIME.format(now);
  };
  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:afterSwap", tick);
}
