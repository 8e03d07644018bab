// `hx-trigger="typed"`: fires once per pause in typing, never amid the composing of Chinese characters.
export function watchTyping() {
  let timer;
  const later = (target, delay) => {
    clearTimeout(timer);
    timer = setTimeout(() => target.dispatchEvent(new Event("typed", { bubbles: true })), delay);
  };
  document.addEventListener("input", (event) => event.isComposing || later(event.target, 200));
  document.addEventListener("compositionend", (event) => later(event.target, 50));
}
