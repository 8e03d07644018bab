// One question as it is answered with a thumb.
import { useState } from "preact/hooks";
import { fromWallTime, wallTime } from "./china_time.js";
import { SearchBox, found } from "./places.js";
import { model } from "./model.js";
import { Photos } from "./photo_field.js";
import { Signature } from "./signature.js";
import { Sheet } from "./sheet.js";
import { t } from "./words.js";

const FEW = 6;
const MOST_HITS = 8;
const sources = {
  people: () => model.slice.frame.people.map((one) => [one.id, one.name]),
  police: () => model.slice.frame.police?.map((one) => [one.id, one.name]),
  checklists: () => model.slice.frame.checklists?.map((one) => [one.id, one.name]), // a slice kept from before has none
  communities: () => model.slice.frame.communities.map((one) => [one.id, one.name]),
};

// A register that one kind alone declares.
const ofKind = (kind, source) => model.kinds[kind]?.sources?.[source]?.map((one) => [one.id, one.name]);

export function Field(props) {
  const { question, error } = props;
  const id = `f-${question.id}`;
  const group = ["choice", "choices", "yes_no", "photos", "signature", "sheet"].includes(question.widget);
  const Outer = group ? "fieldset" : "div";
  const Label = group ? "legend" : "label";
  const hints = [question.hint, !question.required && !question.only && t("可不填")].filter(Boolean).join(" · ");
  return (
    <Outer class="field" id={group ? id : undefined} aria-invalid={group && error ? "true" : undefined}>
      <Label {...(group ? {} : { for: id })}>{question.says}</Label>
      {hints && <span class="hint" id={`${id}-hint`}>{hints}</span>}
      <Widget {...props} id={id} />
      {error && <span class="field-error" id={`${id}-error`}>{error}</span>}
    </Outer>
  );
}

function Widget({ value: given, ...others }) {
  const { question } = others;
  // Where nothing is chosen, what the declaration takes for granted is shown as chosen: the server takes it so.
  const granted = ["choice", "yes_no"].includes(question.widget) ? question.fallback ?? undefined : undefined;
  const props = { ...others, value: given ?? granted };
  if (question.widget === "choice") return question.choices.length > FEW ? <Select {...props} pairs={question.choices} /> : <Options {...props} pairs={question.choices} />;
  if (question.widget === "choices") return <Options {...props} pairs={question.choices} several />;
  if (question.widget === "yes_no") return <YesNo {...props} />;
  if (question.widget === "source") return question.source === "premises" ? <PlaceChoice {...props} /> : <Source {...props} />;
  if (question.widget === "photos") return <Photos {...props} />;
  if (question.widget === "signature") return <Signature {...props} />;
  if (question.widget === "sheet") return <Sheet {...props} />;
  return <Typed {...props} />;
}

function Options({ id, pairs, value, change, several }) {
  const chosen = several ? value ?? [] : [value];
  const toggle = (one) => {
    if (!several) return change(one === value ? undefined : one);
    return change((before = []) => {
      const next = before.includes(one) ? before.filter((other) => other !== one) : [...before, one];
      return next.length ? next : undefined;
    });
  };
  return (
    <div class="options">
      {pairs.map(([one, says]) => (
        <label class="option" key={String(one)}>
          <input type={several ? "checkbox" : "radio"} name={id} value={String(one)} checked={chosen.includes(one)} onChange={() => toggle(one)} />{says}
        </label>
      ))}
    </div>
  );
}

const YesNo = (props) => <Options {...props} pairs={[[true, t("是")], [false, t("否")], ...(props.question.required || props.question.fallback != null ? [] : [[undefined, t("未知")]])]} />;

const Select = ({ id, pairs, value, change }) => (
  <select id={`${id}-select`} aria-label={t("选择")} value={value ?? ""} onChange={(event) => change(event.target.value || undefined)}>
    <option value="">{t("请选择")}</option>
    {pairs.map(([one, says]) => <option key={one} value={one}>{says}</option>)}
  </select>
);

function Source(props) {
  const pairs = sources[props.question.source]?.() ?? ofKind(props.act?.kind, props.question.source);
  if (!pairs) return <Typed {...props} />;
  return (
    <select id={props.id} value={props.value ?? ""} onChange={(event) => props.change(event.target.value || undefined)}>
      <option value="">{t("请选择")}</option>
      {pairs.map(([one, says]) => <option key={one} value={one}>{says}</option>)}
    </select>
  );
}

function PlaceChoice({ id, value, change }) {
  const [asked, ask] = useState("");
  const chosen = model.places.find((place) => place.id === value);
  const hits = asked ? found(model.places, asked) : [];
  return (
    <>
      {chosen && <p><b>{chosen.name}</b> <span class="muted">{chosen.address}</span></p>}
      <SearchBox key={value} id={id} label={t("名称、编号、地址")} onSearch={ask} />
      {asked && <span class="muted" role="status">{t("{count} 处", { count: hits.length })}{hits.length > MOST_HITS ? t("，先列 {count} 处", { count: MOST_HITS }) : ""}</span>}
      {hits.slice(0, MOST_HITS).map((place) => <button type="button" class="button hit" key={place.id} onClick={() => { change(place.id); ask(""); }}><b>{place.name}</b> <span class="muted">{place.address}</span></button>)}
    </>
  );
}

// Number and money stay as typed until they are numbers: half a number must not vanish under the thumb.
const TYPED = {
  number: { inputmode: "decimal", read: (text) => (text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text) },
  money: { inputmode: "decimal", read: (text) => text },
  date: { type: "date", read: (text) => text },
  time: { type: "datetime-local", read: (text) => (text ? new Date(fromWallTime(text)).toISOString() : ""), show: (iso) => wallTime(Date.parse(iso)) },
  text: { read: (text) => text },
  long: { read: (text) => text },
  source: { read: (text) => text },
};

function Typed({ id, question, value, change, error }) {
  const { read, show = String, ...attributes } = TYPED[question.widget];
  const typed = (event) => { const next = read(event.target.value); return change(next === "" ? undefined : next); };
  const common = {
    id, name: question.id, maxlength: question.limits.maxLength, required: question.required, "aria-invalid": error ? "true" : undefined,
    "aria-describedby": [question.hint || !question.required ? `${id}-hint` : "", error ? `${id}-error` : ""].join(" ").trim() || undefined,
    value: value === undefined ? "" : show(value), onInput: typed,
  };
  if (question.widget === "long") return <textarea rows="4" {...common} />;
  const list = question.suggest.length ? `${id}-suggest` : undefined;
  return (
    <>
      <input autocomplete="off" {...attributes} {...common} list={list} />
      {list && <datalist id={list}>{question.suggest.map((one) => <option key={one} value={one} />)}</datalist>}
    </>
  );
}
