// The ciphers of the phone, all of them the browser's own; docs/decisions/0024 says which byte is what.
const subtle = crypto.subtle;
const text = new TextEncoder();
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const SHA = "SHA-256";
const ROUNDS = 310_000;
export const random = (count) => crypto.getRandomValues(new Uint8Array(count));

export function packed(bytes) {
  let chars = "";
  for (const byte of new Uint8Array(bytes)) chars += String.fromCharCode(byte);
  return btoa(chars).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
export const unpacked = (chars) => Uint8Array.from(atob(chars.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const digestOf = async (bytes) => hex(await subtle.digest(SHA, bytes));

// What a phone is: a key that signs and a secret, neither of which a script can read out again.
export async function newKeys() {
  const sign = await subtle.generateKey(P256, false, ["sign", "verify"]);
  const secret = await subtle.importKey("raw", random(32), "HKDF", false, ["deriveBits"]);
  return { sign: sign.privateKey, secret, point: packed(await subtle.exportKey("raw", sign.publicKey)) };
}

export const signed = async (key, said) => packed(await subtle.sign({ name: "ECDSA", hash: SHA }, key, text.encode(said)));

// That the phone is open: a MAC under the lent part, which lies on the disk under the PIN alone.
export const proofKey = (part) => subtle.importKey("raw", part, { name: "HMAC", hash: SHA }, false, ["sign"]);
export const proved = async (key, said) => packed(await subtle.sign("HMAC", key, text.encode(`fengqiao open\n${said}`)));

const hkdf = (key, salt, info) => subtle.deriveBits({ name: "HKDF", hash: SHA, salt, info: text.encode(info) }, key, 256);
const asHkdf = (bits) => subtle.importKey("raw", bits, "HKDF", false, ["deriveBits"]);
const asAes = (bits) => subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt", "decrypt"]);

// From the PIN and the phone's secret: slow to guess, and of no use without the phone.
export async function pinBits(pin, salt, secret) {
  const typed = await subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = await subtle.deriveBits({ name: "PBKDF2", hash: SHA, salt, iterations: ROUNDS }, typed, 256);
  return hkdf(secret, slow, "fengqiao pin");
}

// `wrap` keeps the server's part on the phone until the lease ends; the data's key needs both.
export const wrapKey = async (bits) => asAes(await hkdf(await asHkdf(bits), new Uint8Array(32), "fengqiao lease"));
export const dataKey = async (bits, part) => asAes(await hkdf(await asHkdf(part), bits, "fengqiao data"));

export async function shut(key, bytes) {
  const iv = random(12);
  return { iv, data: await subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}
export const opened = (key, { iv, data }) => subtle.decrypt({ name: "AES-GCM", iv }, key, data);
export const shutText = (key, value) => shut(key, text.encode(JSON.stringify(value)));
export const openedText = async (key, row) => JSON.parse(new TextDecoder().decode(await opened(key, row)));

// To the station: nobody on this phone can open it again. What stands outside is signed and bound in.
export async function forStation(device, what, id, parts) {
  const plain = await new Blob(parts).arrayBuffer();
  const once = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const station = await subtle.importKey("raw", unpacked(device.station), { name: "ECDH", namedCurve: "P-256" }, false, []);
  const point = await subtle.exportKey("raw", once.publicKey);
  const shared = await subtle.deriveBits({ name: "ECDH", public: station }, once.privateKey, 256);
  const key = await asAes(await hkdf(await asHkdf(shared), point, "fengqiao sealed for the station"));
  const head = { phone: device.id, id, sealed_at: Date.now() + (device.offset ?? 0), point: packed(point) };
  const outside = `fengqiao sealed 1\n${what}\n${id}\n${head.phone}\n${head.sealed_at}`;
  const iv = random(12);
  const data = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(outside) }, key, plain);
  head.nonce = packed(iv);
  head.sign = await signed(device.sign, `${outside}\n${head.point}\n${head.nonce}\n${await digestOf(data)}`);
  return { head, data };
}
