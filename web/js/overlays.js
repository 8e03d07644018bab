// Dialogs by data-opens, menus that close again, going back, copying.
import { toast } from "./toasts.js";

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog?.showModal && !dialog.open) dialog.showModal();
}

// A form that came back with errors lies open again, under the address of the page it belongs to.
function reopen() {
  const dialog = document.querySelector("dialog[data-open-now]");
  if (!dialog) return;
  history.replaceState(null, "", dialog.dataset.openNow);
  openDialog(dialog.id);
}

export function watchOverlays() {
  reopen();
  const words = JSON.parse(document.body.dataset.words || "{}");
  document.addEventListener("click", async (event) => {
    const { target } = event;
    const opener = target.closest("[data-opens]");
    if (opener) openDialog(opener.dataset.opens);
    if (target instanceof HTMLDialogElement) target.close();
    for (const menu of document.querySelectorAll("details[data-menu][open]"))
      if (!menu.contains(target) || target.closest(".menu-body")) menu.open = false;
    if (target.closest("[data-back]")) history.length > 1 ? history.back() : location.assign("/");
    if (target.closest("[data-print]")) print();
    const copier = target.closest("[data-copy]");
    if (copier) {
      await navigator.clipboard?.writeText(copier.dataset.copy);
      toast(words.copied, "good");
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
