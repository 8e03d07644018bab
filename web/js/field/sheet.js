// A checklist at the door: what need not be asked is not shown; a bad answer opens its place, words and photos.
import { Photos } from "./photo_field.js";
import { asked, isFaulty, isFinding, isGiven, options } from "./sheet_rules.js";
import { t } from "./words.js";

export function Sheet({ act, value, change, visit, error }) {
  const items = act.items ?? [];
  const answers = value ?? act.known ?? {};
  const shown = asked(items, answers);
  const done = shown.filter((item) => isGiven(answers[item.code], item)).length;
  const set = (code, changes) =>
    change((before = act.known ?? {}) => {
      const next = { ...before[code], ...changes };
      return { ...before, [code]: Object.fromEntries(Object.entries(next).filter(([, one]) => one !== undefined && one !== "")) };
    });
  const rest = shown.filter((item) => (item.good ?? []).length && options(item).length && !isGiven(answers[item.code], item));
  const allFine = () => change({ ...answers, ...Object.fromEntries(rest.map((item) => [item.code, { ...answers[item.code], value: item.type === "choices" ? [item.good[0]] : item.good[0] }])) });
  if (!items.length) return <p class="field-error">{t("这份检查清单还没有下载到手机，联网后再填")}</p>;
  return (
    <div class="sheet">
      <p class="muted" role="status">{t("已查 {done} / {all}", { done, all: shown.length })}</p>
      {shown.map((item, at) => (
        <div key={item.code}>
          {item.group && item.group !== shown[at - 1]?.group && <h2>{item.group}</h2>}
          <Item item={item} answer={answers[item.code] ?? {}} wrong={Boolean(error) && isFaulty(item, answers[item.code])} set={(changes) => set(item.code, changes)} visit={visit} />
        </div>
      ))}
      {rest.length > 0 && <button type="button" class="button wide" onClick={allFine}>{t("其余 {count} 项都合格", { count: rest.length })}</button>}
    </div>
  );
}

function Item({ item, answer, wrong, set, visit }) {
  const bad = isFinding(item, answer);
  const limits = { maxItems: 6 };
  return (
    <fieldset class={`item ${bad ? "bad" : ""}`} aria-invalid={wrong ? "true" : undefined}>
      <legend>{item.says}{item.unit && `(${item.unit})`}</legend>
      <Answer item={item} answer={answer} set={set} visit={visit} limits={limits} />
      {bad && (
        <>
          {item.advice && <p class="muted">{item.advice}</p>}
          <input aria-label={t("{item}：部位", { item: item.says })} placeholder={t("部位")} maxlength="60" value={answer.spot ?? ""} onInput={(event) => set({ spot: event.target.value })} />
          <input aria-label={t("{item}：情况", { item: item.says })} placeholder={t("情况")} maxlength="200" value={answer.note ?? ""} onInput={(event) => set({ note: event.target.value })} />
          {item.type !== "photo" && <Photos id={`i-${item.code}`} question={{ says: item.says, limits }} value={answer.photos} change={(photos) => set({ photos })} visit={visit} />}
        </>
      )}
    </fieldset>
  );
}

function Answer({ item, answer, set, visit, limits }) {
  if (item.type === "photo") return <Photos id={`i-${item.code}`} question={{ says: item.says, limits }} value={answer.photos} change={(photos) => set({ photos })} visit={visit} />;
  if (item.type === "number" || item.type === "measure")
    return <input inputmode="decimal" aria-label={item.says} value={answer.value ?? ""} onInput={(event) => set({ value: event.target.value === "" || Number.isNaN(Number(event.target.value)) ? event.target.value : Number(event.target.value) })} />;
  if (item.type === "text") return <input aria-label={item.says} maxlength="500" value={answer.value ?? ""} onInput={(event) => set({ value: event.target.value })} />;
  const several = item.type === "choices";
  const chosen = several ? answer.value ?? [] : [answer.value];
  const toggle = (one) => set({ value: several ? (chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]) : one });
  return (
    <div class="options">
      {options(item).map(([one, says]) => (
        <label class="option" key={one}><input type={several ? "checkbox" : "radio"} name={`i-${item.code}`} checked={chosen.includes(one)} onChange={() => toggle(one)} />{says}</label>
      ))}
    </div>
  );
}
