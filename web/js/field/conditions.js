// Conditions as trees: what the server reads from an expression (kit/expressions.py), evaluated here the same way.
const words = (value) => (Array.isArray(value) ? value.join(" ") : String(value));
export const truth = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const number = (value) => (typeof value === "boolean" ? Number(value) : /^\s*-?\d{1,15}(\.\d+)?\s*$/.test(words(value)) ? Number(words(value)) : NaN);
const chosen = (value) => (Array.isArray(value) ? value : words(value).split(/\s+/));

function same(left, right) {
  const numeric = [left, right].some((side) => typeof side === "number" || typeof side === "boolean");
  return numeric ? number(left) === number(right) : words(left) === words(right);
}

export const SIGNS = {
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

export function evaluated([sign, ...parts], values, own) {
  if (sign === "value") return parts[0];
  if (sign === "code") return values[parts[0]] ?? "";
  if (sign === "own") return own;
  return SIGNS[sign](...parts.map((part) => evaluated(part, values, own)));
}
