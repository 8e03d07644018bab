// Photos of an answer: taken or chosen, stored, then named in it.
import { useEffect, useRef, useState } from "preact/hooks";
import { keepPhoto, pictureOf } from "./photos.js";

export function Picture({ id, says = "照片", remove }) {
  const [url, show] = useState("");
  useEffect(() => {
    let made = "";
    pictureOf(id).then((found) => show((made = found)));
    return () => made && URL.revokeObjectURL(made);
  }, [id]);
  return (
    <span class="photo">
      {url ? <img src={url} alt={says} /> : <span class="muted">已送出</span>}
      {remove && <button type="button" class="button quiet square" aria-label={`去掉${says}`} onClick={remove}>×</button>}
    </span>
  );
}

export function Photos({ id, question, value = [], change, visit }) {
  const held = useRef(value);
  held.current = value;
  const [busy, setBusy] = useState(false);
  const most = question.limits.maxItems ?? 9;
  const add = async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    setBusy(true);
    for (const file of files.slice(0, most - held.current.length)) {
      const photo = await keepPhoto(visit, file);
      held.current = [...held.current, photo];
      await change(held.current);
    }
    setBusy(false);
  };
  return (
    <div class="photos">
      {value.map((photo, at) => <Picture key={photo} id={photo} says={`照片 ${at + 1}`} remove={() => change(value.filter((one) => one !== photo))} />)}
      {value.length < most && (
        <label class="button photo-add" aria-busy={busy}>
          <input type="file" accept="image/*" capture="environment" multiple onChange={add} aria-label={`${question.says}:拍照`} id={`${id}-add`} />拍照
        </label>
      )}
    </div>
  );
}
