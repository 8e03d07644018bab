// A checklist's rules on the phone: what is asked, what is answered, what is a finding. Conditions come as trees.
import { SIGNS, evaluated, truth } from "./conditions.js";
import { t } from "./words.js";

export const options = (item) => (!item.type || item.type === "yes_no_na" ? [["yes", t("是")], ["no", t("否")], ["na", t("不适用")]] : item.choices ?? []);
export const isGiven = (answer, item) => {
  const value = item.type === "photo" ? answer?.photos : answer?.value;
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "";
};

// In order, as each looks at earlier ones only.
export function asked(items, answers) {
  const values = {};
  return items.filter((item) => {
    if (item.tree && !truth(evaluated(item.tree, values, ""))) return false;
    const value = answers[item.code]?.value;
    if (value !== undefined && value !== "") values[item.code] = value;
    return true;
  });
}

// What was answered before it turned out not to be asked stays on the phone.
export function onlyAsked(items, answers) {
  const codes = new Set(asked(items, answers).map((item) => item.code));
  return Object.fromEntries(Object.entries(answers).filter(([code]) => codes.has(code)));
}

const bound = (text) => text.match(/^(<=|>=|<|>|=)?\s*(-?[\d.]+)$/);
function fine(item, value) {
  if (value === "na") return true;
  if (Array.isArray(value)) return value.every((one) => item.good.includes(one));
  if (item.type === "number" || item.type === "measure")
    return item.good.every((text) => { const [, sign = "=", edge] = bound(text) ?? []; return edge === undefined || SIGNS[sign](Number(value), Number(edge)); });
  return item.good.includes(value);
}
export const isFinding = (item, answer) => Boolean(item.good?.length) && isGiven(answer, item) && !fine(item, answer.value);

const isOpen = (item, answer) => item.required !== false && !isGiven(answer, item);
const isBare = (item, answer) => item.photo_needed && isFinding(item, answer) && !answer.photos?.length;
export const isFaulty = (item, answer) => isOpen(item, answer) || isBare(item, answer);

export function sheetFaults(items, answers) {
  const open = asked(items, answers).filter((item) => isOpen(item, answers[item.code]));
  const bare = asked(items, answers).filter((item) => isBare(item, answers[item.code]));
  if (open.length) return t("还有 {count} 项没查：{item}", { count: open.length, item: open[0].says });
  return bare.length ? t("不合格项须拍照：{item}", { item: bare[0].says }) : "";
}
