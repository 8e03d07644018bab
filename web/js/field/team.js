// 同行: who came along on this visit.
import { useState } from "preact/hooks";
import { me, useModel } from "./model.js";
import { note } from "./visits.js";
import { t } from "./words.js";

const MOST = 20;

export function Team({ visit }) {
  const { slice } = useModel();
  const team = visit.team ?? [];
  const [open, setOpen] = useState(team.length > 0);
  if (!open) return <button type="button" class="button quiet" onClick={() => setOpen(true)}>{t("有人同行？")}</button>;
  const others = slice.frame.people.filter((one) => one.id !== me().id && !team.includes(one.id));
  const nameOf = (id) => slice.frame.people.find((one) => one.id === id)?.name ?? t("已不在岗");
  const put = (next) => note(visit.id, "team", next);
  return (
    <fieldset class="field">
      <legend>{t("同行人员")}</legend>
      {team.length > 0 && <p class="team">{team.map((id) => <button type="button" class="button" key={id} aria-label={t("去掉 {name}", { name: nameOf(id) })} onClick={() => put(team.filter((one) => one !== id))}>{nameOf(id)} ×</button>)}</p>}
      {team.length < MOST && (
        <select aria-label={t("加一位同行人员")} value="" onChange={({ target }) => put([...team, target.value])}>
          <option value="">{t("加一位…")}</option>
          {others.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </select>
      )}
    </fieldset>
  );
}
