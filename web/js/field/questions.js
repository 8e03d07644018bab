// A form's questions read off the JSON Schema of what an act asks (kit/inputs.py says what the x-marks mean).
import { t } from "./words.js";
const resolve = (schema, defs) => {
  const found = schema.$ref ? { ...defs[schema.$ref.split("/").pop()], ...schema } : schema;
  return found.allOf?.length === 1 ? { ...resolve(found.allOf[0], defs), ...found } : found;
};

function unfold(schema, defs) {
  const parts = (schema.anyOf ?? []).map((part) => resolve(part, defs));
  const real = parts.filter((part) => part.type !== "null");
  const one = real.find((part) => part.type === "number") && real.find((part) => part.type === "string") ? { ...real.find((part) => part.type === "number"), money: true } : real[0];
  const whole = resolve(schema, defs);
  return { ...one, ...whole, type: whole.type ?? one?.type };
}

function widget(found, items) {
  if (found["x-signature"]) return "signature";
  if (found["x-photos"]) return "photos";
  if (found["x-sheet"]) return "sheet";
  if (found["x-source"]) return "source";
  if (found.type === "array") return "choices";
  if (found.enum) return "choice";
  if (found.type === "boolean") return "yes_no";
  if (found.money) return "money";
  if (found.type === "integer" || found.type === "number") return "number";
  if (found.format === "date") return "date";
  if (found.format === "date-time") return "time";
  return found["x-long"] ? "long" : "text";
}

const pairs = (schema) => (schema?.enum ?? []).map((value) => [value, schema["x-says"]?.[value] ?? value]);

// A nested input's questions carry its name before theirs: ["target", "name"].
export function questions(schema, path = [], defs = schema?.$defs ?? {}) {
  const wanted = new Set(schema?.required);
  return Object.entries(schema?.properties ?? {}).flatMap(([name, asked]) => {
    const found = unfold(asked, defs);
    const here = [...path, name];
    if (found.properties) return [{ path: here, heading: found.title }, ...questions(found, here, defs)];
    const items = found.items && resolve(found.items, defs);
    return [{
      path: here, id: here.join("."), says: found.title ?? name, hint: found.description ?? "", widget: widget(found), required: wanted.has(name),
      choices: pairs(items ?? found), source: found["x-source"], suggest: found["x-suggest"] ?? [], only: found["x-only"], limits: found, fallback: found.default,
    }];
  });
}

export const valueAt = (given, path) => path.reduce((inner, name) => inner?.[name], given);

export function withValue(given, [name, ...rest], value) {
  const next = rest.length ? withValue(given?.[name] ?? {}, rest, value) : value;
  const { [name]: _, ...others } = given ?? {};
  const nothing = next === undefined || (rest.length && !Object.keys(next).length);
  return nothing ? others : { ...others, [name]: next };
}

const LIMITS = [
  [(value, { minLength: n }) => typeof value === "string" && n > value.trim().length, ({ minLength: count }) => t("至少 {count} 个字", { count })],
  [(value, { maxLength: n }) => typeof value === "string" && n < value.trim().length, ({ maxLength: count }) => t("不能超过 {count} 个字", { count })],
  [(value, { minItems: n }) => Array.isArray(value) && n > value.length, ({ minItems: count }) => t("至少选 {count} 项", { count })],
  [(value, { maxItems: n }) => Array.isArray(value) && n < value.length, ({ maxItems: count }) => t("最多 {count} 项", { count })],
  [(value, { minimum: n }) => n !== undefined && Number(value) < n, ({ minimum: count }) => t("不能小于 {count}", { count })],
  [(value, { maximum: n }) => n !== undefined && Number(value) > n, ({ maximum: count }) => t("不能大于 {count}", { count })],
  [(value, { pattern }) => pattern && typeof value === "string" && !new RegExp(pattern).test(value), () => t("格式不对")],
];

// What the form itself can tell before it is sent; the server judges all of it again.
export function fault(question, given) {
  const value = valueAt(given, question.path);
  const empty = value === undefined || value === "" || (Array.isArray(value) && !value.length);
  if (empty) return question.required ? t("必填") : "";
  if (["number", "money"].includes(question.widget) && Number.isNaN(Number(value))) return t("应为数字");
  const broken = LIMITS.find(([breaks]) => breaks(value, question.limits));
  return broken ? broken[1](question.limits) : "";
}
