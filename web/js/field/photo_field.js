// Photos of an answer: taken or chosen, stored, then named in it.
import { useEffect, useRef, useState } from "preact/hooks";
import { Camera, hasCamera } from "./camera.js";
import { ghostOf } from "./ghosts.js";
import { matterOf } from "./model.js";
import { keepFrame, keepPhoto, pictureOf } from "./photos.js";
import { t } from "./words.js";

export function Picture({ id, says = t("照片"), remove }) {
  const [url, show] = useState("");
  useEffect(() => {
    let made = "";
    pictureOf(id).then((found) => show((made = found)));
    return () => made && URL.revokeObjectURL(made);
  }, [id]);
  return (
    <span class="photo">
      {url ? <img src={url} alt={says} /> : <span class="muted">{t("已送出")}</span>}
      {remove && <button type="button" class="button quiet square" aria-label={t("去掉{what}", { what: says })} onClick={remove}>×</button>}
    </span>
  );
}

export function Photos({ id, question, value = [], change, visit, act }) {
  const held = useRef(value);
  held.current = value;
  const [busy, setBusy] = useState(false);
  const [lost, setLost] = useState(false);
  const most = question.limits.maxItems ?? 9;
  const keep = async (photo) => {
    setLost(false);
    try {
      await change((held.current = [...held.current, await photo]));
    } catch {
      setLost(true); // the disk says why, above
    }
  };
  const add = async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    setBusy(true);
    for (const file of files.slice(0, most - held.current.length)) await keep(keepPhoto(visit, file));
    setBusy(false);
  };
  const more = value.length < most;
  return (
    <>
      {more && <Beside column={question.limits["x-ghost"]} matter={act?.matter} take={(video) => keep(keepFrame(visit, video))} />}
      <div class="photos">
        {value.map((photo, at) => <Picture key={photo} id={photo} says={t("照片 {count}", { count: at + 1 })} remove={() => change(value.filter((one) => one !== photo))} />)}
        {more && (
          <label class="button photo-add" aria-busy={busy}>
            <input type="file" accept="image/*" capture="environment" multiple onChange={add} aria-label={t("{question}：拍照", { question: question.says })} id={`${id}-add`} />{t("拍照")}
          </label>
        )}
      </div>
      {lost && <p class="field-error" role="alert">{t("照片没有存下，请重拍")}</p>}
    </>
  );
}

// The earlier photo, and the camera with it laid over. Without either the plain way below is always there.
function Beside({ column, matter, take }) {
  const photo = column && matterOf(matter)?.ghosts?.[column];
  const [url, show] = useState("");
  const [open, setOpen] = useState(false);
  const [says, say] = useState("");
  useEffect(() => {
    let made = "";
    if (photo) ghostOf(photo).then((found) => show((made = found)));
    return () => made && URL.revokeObjectURL(made);
  }, [photo]);
  if (!url) return null;
  const close = (why = "") => { setOpen(false); say(why); };
  return (
    <figure class="ghost">
      <img src={url} alt={t("此前的照片")} />
      <figcaption>
        <span>{t("对照这张，从同一角度拍")}</span>
        {hasCamera() && <button type="button" class="button primary" onClick={() => setOpen(true)}>{t("对照拍照")}</button>}
        <span class="muted" role="status">{says && t("{why}，用下面的“拍照”", { why: says })}</span>
      </figcaption>
      {open && <Camera ghost={url} take={take} close={close} />}
    </figure>
  );
}
