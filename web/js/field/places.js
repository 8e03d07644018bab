// 场所: looked for on the phone alone, by name, number, plate or address.
import { useEffect, useRef, useState } from "preact/hooks";
import { openPlaces } from "./derive.js";
import { useModel } from "./model.js";
import { Badge, Empty, Head } from "./ui.js";
import { t } from "./words.js";

const MOST = 50;
const plain = (text) => text.normalize("NFKC").toLowerCase();

// `told`: the words a row is looked for by.
export function found(rows, asked, told = (place) => [place.name, place.number, place.plate, place.address]) {
  const words = plain(asked).split(/\s+/).filter(Boolean);
  const said = (row) => plain(told(row).join(" "));
  return words.length ? rows.filter((row) => words.every((word) => said(row).includes(word))) : rows;
}

// In a form it bears the `id` of its label. A word composed from pinyin is looked for once, when it stands there; not letter by letter.
export function SearchBox({ id, onSearch, label, value = "" }) {
  const composing = useRef(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const later = (event) => {
    clearTimeout(timer.current);
    if (composing.current) return;
    const typed = event.target.value;
    timer.current = setTimeout(() => onSearch(typed), 150);
  };
  return (
    <input id={id} type="search" class="search" aria-label={id ? undefined : label} placeholder={label} defaultValue={value} autocomplete="off" enterkeyhint="search"
      onCompositionStart={() => (composing.current = true)}
      onCompositionEnd={(event) => { composing.current = false; later(event); }}
      onInput={later} />
  );
}

export function Places() {
  const { places, slice } = useModel();
  const [asked, ask] = useState("");
  const open = new Map(openPlaces().map((one) => [one.id, one.matters.length]));
  const hits = found(places, asked);
  const first = [...hits.filter((place) => open.has(place.id)), ...hits.filter((place) => !open.has(place.id))].slice(0, MOST);
  return (
    <>
      <Head title={t("场所")} />
      <SearchBox label={t("名称、编号、地址")} onSearch={ask} />
      <p class="muted" role="status" data-asked={asked}>{t("{count} 处", { count: hits.length })}{hits.length > MOST ? t("，先列 {count} 处", { count: MOST }) : ""}</p>
      {hits.length ? (
        <ul class="lines">
          {first.map((place) => (
            <li key={place.id}>
              <a class="line" href={`#/place/${place.id}`}>
                <span class="line-top"><b>{place.name}</b> {open.has(place.id) && <Badge tone="warn">{t("{count} 件", { count: open.get(place.id) })}</Badge>}</span>
                <span class="muted">{place.number} · {slice?.frame.place_kinds[place.kind]}</span>
                <span class="muted">{place.address}</span>
              </a>
            </li>
          ))}
        </ul>
      ) : <Empty>{t("手机里没有这样的场所")}</Empty>}
    </>
  );
}
