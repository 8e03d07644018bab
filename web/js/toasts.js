// Messages that pass. The server sends them as `data-toast` elements or as HX-Trigger: {"toast": {...}}.
export function toast(says, tone = "info") {
  const box = document.getElementById("toasts");
  if (!box || !says) return;
  const element = document.createElement("div");
  element.className = `toast ${tone}`;
  element.textContent = says;
  element.addEventListener("click", () => element.remove());
  box.append(element);
  // what went wrong stays until it is read
  if (!["burn", "error"].includes(tone)) setTimeout(() => element.remove(), 6000);
}

function collect(root) {
  for (const message of root.querySelectorAll("[data-toast]")) {
    toast(message.textContent.trim(), message.dataset.toast);
    message.remove();
  }
}

export function watchToasts(words) {
  collect(document);
  document.addEventListener("htmx:load", (event) => collect(event.detail.elt));
  document.addEventListener("toast", (event) => toast(event.detail.says, event.detail.tone));
  document.addEventListener("htmx:sendError", () => toast(words.offline, "burn"));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 401) location.reload();
    else if (xhr.status >= 500) toast(words.failed, "burn");
  });
}
