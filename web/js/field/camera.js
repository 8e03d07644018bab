// The camera with the earlier photo over it, so that the new one shows the same spot. Nothing runs once it is closed,
// the phone is locked, or another app is in front.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "./words.js";

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia && window.HTMLDialogElement?.prototype.showModal);

const WANTED = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1600 }, height: { ideal: 1200 } } };

// `take`: what becomes of a frame, a promise; `close`: with a sentence where there is no camera to be had.
export function Camera({ ghost, take, close }) {
  const dialog = useRef();
  const video = useRef();
  const [track, setTrack] = useState(null);
  const [shows, setShows] = useState(50);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current.showModal();
    return live(video.current, setTrack, close);
  }, []);
  const shoot = async () => {
    setBusy(true);
    await take(video.current);
    close();
  };
  return (
    <dialog ref={dialog} class="camera" aria-label={t("对照拍照")} onCancel={(event) => { event.preventDefault(); close(); }}>
      <div class="finder">
        <video ref={video} autoplay playsinline muted aria-label={t("取景")} />
        {ghost && <img src={ghost} alt={t("此前的照片")} style={{ opacity: shows / 100 }} />}
      </div>
      {ghost && <label class="shows">{t("旧照片")}<input type="range" min="0" max="100" step="10" value={shows} onInput={(event) => setShows(event.target.value)} /></label>}
      <div class="controls">
        <button type="button" class="button" onClick={() => close()}>{t("取消")}</button>
        <button type="button" class="shutter" aria-label={t("拍照")} disabled={!track || busy} onClick={shoot} />
        <Torch track={track} />
      </div>
    </dialog>
  );
}

// Gives what ends it.
function live(video, began, close) {
  let stream = null;
  let over = false;
  const end = () => {
    over = true;
    document.removeEventListener("visibilitychange", hidden);
    stream?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  const hidden = () => document.hidden && close();
  document.addEventListener("visibilitychange", hidden);
  navigator.mediaDevices.getUserMedia(WANTED).then(
    async (found) => {
      stream = found;
      if (over) return end(); // closed while the browser was asking
      video.srcObject = found;
      await video.play().catch(() => {});
      began(found.getVideoTracks()[0]);
    },
    (error) => over || close(error.name === "NotAllowedError" ? t("没有允许使用相机") : t("相机打不开")),
  );
  return end;
}

function Torch({ track }) {
  const [lit, setLit] = useState(false);
  if (!track?.getCapabilities?.().torch) return <span />;
  const turn = () => track.applyConstraints({ advanced: [{ torch: !lit }] }).then(() => setLit(!lit)).catch(() => {});
  return <button type="button" class="button" aria-pressed={lit} onClick={turn}>{t("补光")}</button>;
}
