// Checklists: only what need be asked is shown, progress is counted, the rest is called fine at one press.
// Conditions come from the server as trees (kit/sheets/expressions.py); they are read here by the same rules.

const words = (value) => (Array.isArray(value) ? value.join(" ") : String(value));
const truth = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const number = (value) => (typeof value === "boolean" ? Number(value) : /^\s*-?\d{1,15}(\.\d+)?\s*$/.test(words(value)) ? Number(words(value)) : NaN);
const chosen = (value) => (Array.isArray(value) ? value : words(value).split(/\s+/));

function same(left, right) {
  const numeric = [left, right].some((side) => typeof side === "number" || typeof side === "boolean");
  return numeric ? number(left) === number(right) : words(left) === words(right);
}

const SIGNS = {
  "=": same,
  "!=": (left, right) => !same(left, right),
  "<": (left, right) => number(left) < number(right),
  "<=": (left, right) => number(left) <= number(right),
  ">": (left, right) => number(left) > number(right),
  ">=": (left, right) => number(left) >= number(right),
  selected: (value, wanted) => chosen(value).includes(words(wanted)),
  not: (value) => !truth(value),
  and: (...parts) => parts.every(truth),
  or: (...parts) => parts.some(truth),
};

export function found([sign, ...parts], values) {
  if (sign === "value") return parts[0];
  if (sign === "code") return values[parts[0]] ?? "";
  return SIGNS[sign](...parts.map((part) => found(part, values)));
}

function answer(item) {
  if (item.dataset.type === "photo") return item.querySelectorAll("[data-photos-of] :checked, [data-photos-of] .photo.new").length || "";
  const inputs = [...item.querySelectorAll("[name$='.value']")];
  if (item.dataset.type === "choices") return inputs.filter((input) => input.checked).map((input) => input.value);
  const input = inputs.find((one) => one.type !== "radio" || one.checked);
  const text = input?.value.trim() ?? "";
  const counts = item.dataset.type === "number" || item.dataset.type === "measure";
  return counts && !Number.isNaN(number(text)) ? number(text) : text;
}

const isGiven = (value) => (Array.isArray(value) ? value.length > 0 : value !== "");

// One pass in order: an item looks at earlier ones only. What is hidden is disabled, so it is not posted.
function update(sheet) {
  const values = {};
  let answered = 0;
  let total = 0;
  for (const item of sheet.querySelectorAll("[data-item]")) {
    const asked = !item.dataset.relevant || truth(found(JSON.parse(item.dataset.relevant), values));
    item.hidden = item.disabled = !asked;
    if (!asked) continue;
    const value = answer(item);
    if (isGiven(value)) values[item.dataset.item] = value;
    if (!item.hasAttribute("data-required")) continue;
    total += 1;
    answered += isGiven(value);
  }
  for (const group of sheet.querySelectorAll(".sheet-group")) group.hidden = !group.querySelector("[data-item]:not([hidden])");
  tell(sheet, answered, total);
}

function tell(sheet, answered, total) {
  sheet.querySelector("[data-answered]").textContent = answered;
  sheet.querySelector("[data-total]").textContent = total;
  Object.assign(sheet.querySelector("progress"), { max: total || 1, value: answered });
  sheet.querySelector("[data-rest-fine]").disabled = !unanswered(sheet).length;
}

const unanswered = (sheet) => [...sheet.querySelectorAll("[data-fine]:not([hidden])")].filter((item) => !isGiven(answer(item)));

function callFine(sheet) {
  for (const item of unanswered(sheet)) {
    const input = [...item.querySelectorAll("[name$='.value']")].find((one) => one.value === item.dataset.fine);
    if (input) input.checked = true;
    input?.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// A bad answer wants its place and photo: they open by themselves.
function openMore(input) {
  const more = input.closest(".option.bad") && input.closest("[data-item]").querySelector("[data-more]");
  if (more && input.checked) more.open = true;
}

export function watchSheets() {
  const start = () => {
    for (const sheet of document.querySelectorAll("[data-sheet]:not(.scripted)")) {
      if (!sheet.querySelector("[data-rest-fine]")) continue;
      sheet.classList.add("scripted");
      sheet.querySelector("[data-rest-fine]").hidden = false;
      update(sheet);
    }
  };
  start();
  document.addEventListener("htmx:afterSettle", start);
  document.addEventListener("input", (event) => {
    const sheet = event.target.closest("[data-sheet]");
    if (!sheet) return;
    openMore(event.target);
    update(sheet);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rest-fine]");
    if (button) callFine(button.closest("[data-sheet]"));
  });
}
