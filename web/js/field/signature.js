// A signature drawn with the finger; it is a picture like the others.
import { useRef, useState } from "preact/hooks";
import { asJpeg, keepSignature } from "./photos.js";
import { Picture } from "./photo_field.js";
import { t } from "./words.js";

export function Signature({ value = [], change, visit, question }) {
  const canvas = useRef();
  const [drawn, setDrawn] = useState(false);
  const at = (event) => {
    const box = canvas.current.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.current.width) / box.width, ((event.clientY - box.top) * canvas.current.height) / box.height];
  };
  const pen = () => canvas.current.getContext("2d");
  const clear = () => {
    Object.assign(pen(), { fillStyle: "#fff", strokeStyle: "#111", lineWidth: 4, lineCap: "round", lineJoin: "round" });
    pen().fillRect(0, 0, canvas.current.width, canvas.current.height);
    setDrawn(false);
  };
  const start = (event) => {
    if (!drawn) clear();
    canvas.current.setPointerCapture(event.pointerId);
    pen().beginPath();
    pen().moveTo(...at(event));
  };
  const draw = (event) => {
    if (!event.buttons) return;
    pen().lineTo(...at(event));
    pen().stroke();
    setDrawn(true);
  };
  const keep = async () => change([await keepSignature(visit, await asJpeg(canvas.current))]);
  if (value.length) return <Picture id={value[0]} says={t("签名")} remove={() => change(undefined)} />;
  return (
    <div class="signature">
      <canvas ref={canvas} width="960" height="360" role="img" aria-label={t("{question}：在框内签名", { question: question.says })} onPointerDown={start} onPointerMove={draw} />
      <div class="row">
        <button type="button" class="button" disabled={!drawn} onClick={() => keep().catch(() => {})}>{t("用这个签名")}</button>
        <button type="button" class="button quiet" disabled={!drawn} onClick={clear}>{t("重签")}</button>
      </div>
    </div>
  );
}
