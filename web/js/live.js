// Live updates: one EventSource per page; a message triggers `live` on the body, so that a part of the
// page with hx-trigger="live from:body" fetches itself anew. Bursts are drawn together.

// Nothing somebody works in is replaced under their hands; it catches up when they are done.
const busy = (part) => part.querySelector("dialog[open], details[open], form[data-changed]:not([data-sent])");

function keepHandsFree() {
  let missed = false;
  const spare = (event) => {
    if (!busy(event.detail.target)) return;
    missed = true;
    event.preventDefault();
  };
  const catchUp = () => {
    if (missed) window.htmx?.trigger(document.body, "live");
    missed = false;
  };
  document.addEventListener("htmx:oobBeforeSwap", spare);
  document.addEventListener("htmx:beforeSwap", (event) => event.detail.requestConfig?.verb === "get" && spare(event));
  document.addEventListener("close", catchUp, true);
  document.addEventListener("toggle", (event) => event.target.open || catchUp(), true);
}

export function watchLive(words) {
  keepHandsFree();
  const { live } = document.body.dataset;
  const dot = document.getElementById("live");
  if (!live || !window.EventSource) return;
  let source, timer, delay = 1000;
  const show = (state) => {
    if (!dot) return;
    dot.dataset.state = state;
    dot.lastElementChild.textContent = state === "live" ? words.live : words.waiting;
    dot.title = dot.lastElementChild.textContent;
  };
  const refresh = (detail) => {
    clearTimeout(timer);
    timer = setTimeout(() => window.htmx?.trigger(document.body, "live", { data: detail }), 120);
  };
  const connect = () => {
    source = new EventSource(live);
    source.onopen = () => {
      // what happened while the line was down is fetched at once
      if (dot?.dataset.state === "lost") refresh("");
      delay = 1000;
      show("live");
    };
    source.onmessage = (event) => refresh(event.data);
    source.onerror = () => {
      show("lost");
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, delay);
      delay = Math.min(delay * 2, 30000);
    };
  };
  connect();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
}
