// Larger words for the sun and for older eyes; kept on this phone.
const SIZES = ["100", "125", "150", "200"];
const KEY = "fengqiao-size";
const set = (size) => (document.documentElement.dataset.size = size);

export const startSize = () => set(localStorage.getItem(KEY) ?? SIZES[0]);

export function cycleSize() {
  const next = SIZES[(SIZES.indexOf(document.documentElement.dataset.size) + 1) % SIZES.length];
  localStorage.setItem(KEY, next);
  set(next);
}
