// Forms: sent once, guarded while unsaved, errors focused, files dropped.
import { toast } from "./toasts.js";

function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  delete form.dataset.changed;
  event.submitter?.setAttribute("aria-busy", "true");
}

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}

function showFiles(input, words) {
  const drop = input.closest("[data-drop]");
  const most = Number(drop.dataset.mostMb) * 1048576;
  const files = [...input.files];
  if (files.some((file) => file.size > most)) {
    input.value = "";
    toast(`${words.file_too_big} (${drop.dataset.mostMb} MB)`, "burn");
  }
  drop.querySelector("output").textContent = [...input.files].map((file) => file.name).join(", ");
}

function watchDrops(words) {
  const at = (event) => event.target.closest?.("[data-drop]");
  for (const kind of ["dragover", "dragleave", "drop"])
    document.addEventListener(kind, (event) => {
      const drop = at(event);
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind !== "drop") return;
      const input = drop.querySelector("input");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  document.addEventListener("change", (event) => at(event) && event.target.files && showFiles(event.target, words));
}

export function watchForms(words) {
  document.addEventListener("submit", sendOnce);
  addEventListener("pageshow", release);
  document.addEventListener("htmx:afterRequest", release);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-guard")) form.dataset.changed = "1";
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]:not([data-sent])")) event.preventDefault();
  });
  // a filter that is chosen needs no extra press
  document.addEventListener("change", (event) => event.target.closest("form[data-auto]")?.requestSubmit());
  // one box for all the boxes of a form on this page
  document.addEventListener("change", ({ target }) => {
    if (!target.dataset.all) return;
    for (const box of document.forms[target.dataset.all].elements) if (box.type === "checkbox") box.checked = target.checked;
  });
  document.querySelector("[data-error-summary]")?.focus();
  watchDrops(words);
}
