// The last resort: everything not yet at the server, in one file that only the passphrase opens.
// {"v":1,"salt","iv","data"} in base64; key = PBKDF2-SHA256, 310 000 rounds; data = AES-256-GCM of JSON.
import * as store from "./store.js";

const ROUNDS = 310_000;
const base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
};

export async function sealed(passphrase) {
  const { visits, photos, logs } = await store.everything();
  const kept = visits.filter((visit) => ["draft", "waiting", "refused"].includes(visit.state));
  const named = new Set(kept.flatMap((visit) => visit.photos));
  const pictures = [];
  for (const { blob, ...photo } of photos)
    if (named.has(photo.id) && blob) pictures.push({ ...photo, jpeg: base64(new Uint8Array(await blob.arrayBuffer())) });
  const plain = new TextEncoder().encode(JSON.stringify({ visits: kept, photos: pictures, logs }));
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(passphrase), "PBKDF2", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain));
  return { count: kept.length, file: JSON.stringify({ v: 1, salt: base64(salt), iv: base64(iv), data: base64(data) }) };
}
