// Photos are on the disk before any form names them, and shrunk before that.
import { now } from "./model.js";
import { uuid7 } from "./ids.js";
import * as store from "./store.js";
import { t } from "./words.js";

const LONGEST = 1600;

export const asJpeg = (canvas) => new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));

// A picture or a video's frame as a JPEG of a size worth keeping.
async function shrunk(source, width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return asJpeg(canvas);
}

async function ofFile(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const picture = await shrunk(bitmap, bitmap.width, bitmap.height);
    bitmap.close();
    return picture ?? file;
  } catch {
    return file; // what cannot be read here goes as it is: the server says why
  }
}

// The visit lists the photo in the same write that stores it: none is ever left without an owner.
async function keep(visit, blob, kind) {
  const photo = { id: uuid7(), visit: visit.id, kind, blob, taken_at: new Date(now()).toISOString(), ...visit.point };
  await store.change("visits", visit.id, (held) => ({ ...held, photos: [...held.photos, photo.id] }), { photos: [photo] });
  return photo.id;
}

export const keepPhoto = async (visit, file) => keep(visit, await ofFile(file), "photo");
export const keepFrame = async (visit, video) => keep(visit, await shrunk(video, video.videoWidth, video.videoHeight), "photo");
export const keepSignature = (visit, blob) => keep(visit, blob, "signature");

export async function pictureOf(id) {
  const photo = await store.get("photos", id);
  return photo?.blob ? URL.createObjectURL(photo.blob) : "";
}

// One point, at one tap; nothing is watched in the background.
export function hereAndNow() {
  return new Promise((found, failed) => {
    if (!navigator.geolocation) failed(new Error(t("这台设备不能定位")));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found({ lon: +coords.longitude.toFixed(6), lat: +coords.latitude.toFixed(6), accuracy: Math.round(coords.accuracy) }),
      (error) => failed(new Error(error.code === 1 ? t("没有允许定位") : t("没有定位到，请到空旷处再试"))),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 },
    );
  });
}
