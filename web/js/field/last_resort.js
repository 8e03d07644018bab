// The last resort: everything not yet at the server, in one file that only the passphrase opens.
// {"v":1,"salt","iv","data"} in base64; key = PBKDF2-SHA256, 310 000 rounds; data = AES-256-GCM of JSON.
import * as store from "./store.js";

const ROUNDS = 310_000;
const base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
};

const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

async function keyOf(passphrase, salt) {
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(passphrase), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function sealed(passphrase) {
  const { visits, photos, logs } = await store.everything();
  const kept = visits.filter((visit) => ["draft", "waiting", "refused"].includes(visit.state));
  const named = new Set(kept.flatMap((visit) => visit.photos));
  const pictures = [];
  for (const { blob, ...photo } of photos)
    if (named.has(photo.id) && blob) pictures.push({ ...photo, jpeg: base64(new Uint8Array(await blob.arrayBuffer())) });
  const plain = new TextEncoder().encode(JSON.stringify({ visits: kept, photos: pictures, logs }));
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const key = await keyOf(passphrase, salt);
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain));
  return { count: kept.length, file: JSON.stringify({ v: 1, salt: base64(salt), iv: base64(iv), data: base64(data) }) };
}

// On another phone, by the same person: the ids are the same, so whatever both send arrives once. Gives how many
// visits were new here; throws where the passphrase or the file is not right.
export async function brought(text, passphrase) {
  const file = JSON.parse(text);
  const key = await keyOf(passphrase, bytes(file.salt));
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(file.iv) }, key, bytes(file.data));
  const { visits, photos, logs } = JSON.parse(new TextDecoder().decode(plain));
  const here = new Set((await store.all("visits")).map((visit) => visit.id));
  const fresh = visits.filter((visit) => !here.has(visit.id));
  const named = new Set(fresh.flatMap((visit) => visit.photos));
  const pictures = photos.filter((photo) => named.has(photo.id)).map(({ jpeg, ...photo }) => ({ ...photo, blob: new Blob([bytes(jpeg)], { type: "image/jpeg" }) }));
  await store.save({ put: { visits: fresh, photos: pictures, logs } });
  return fresh.length;
}
