// The theme a person chose lives in a cookie, so the server draws it without a flash.
export function watchTheme() {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `fengqiao_theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
  });
}
