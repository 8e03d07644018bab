// Speaking with the server: the browser's session, the form token that no other site can send, and the phone's own
// signature over what is asked.
import { digestOf, proved, signed } from "./sealing.js";
import { t } from "./words.js";

export class Unreached extends Error {}
export class Refused extends Error {
  constructor(status, problem, after) {
    super(problem?.detail || problem?.title || t("服务器答复 {status}", { status }));
    Object.assign(this, { status, problem, after });
  }
}

let phone = null;
let proof = null; // while the phone is open: its session does not go idle (docs/decisions/0028)
let wiped = () => {};
export const speakFor = (one) => (phone = one ?? null);
export const speakOpened = (key) => (proof = key);
export const onWiped = (listener) => (wiped = listener);

const token = () => document.cookie.match(/(?:^|; )fengqiao_csrf=([^;]+)/)?.[1] ?? "";

async function signature(method, path, body) {
  if (!phone) return {};
  const time = String(Date.now() + Math.round(phone.offset ?? 0));
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : "");
  const said = [method, path, time, await digestOf(bytes)].join("\n");
  const told = { "X-Phone": phone.id, "X-Phone-Time": time, "X-Phone-Sign": await signed(phone.sign, said) };
  return proof ? { ...told, "X-Phone-Open": await proved(proof, said) } : told;
}

// `passive`: the page asks by itself, nobody did anything (an idle session stays idle).
export async function call(path, asked = {}) {
  try {
    return await once(path, asked);
  } catch (error) {
    if (error.problem?.code === "phone_wiped") wiped();
    if (error.problem?.code !== "phone_clock" || !phone) throw error;
    phone.offset = Date.parse(error.problem.now) - Date.now();
    return once(path, asked);
  }
}

// `picture`: the answer is one, and comes as a Blob.
async function once(path, { body, passive = false, seconds = 40, picture = false }) {
  const method = body ? "POST" : "GET";
  const headers = { Accept: "application/json", "X-CSRFToken": token(), ...(await signature(method, `/api/v1${path}`, body)) };
  if (passive) headers["X-Passive"] = "1";
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  try {
    const answer = await fetch(`/api/v1${path}`, { method, body, headers, credentials: "same-origin", cache: "no-store", signal: limit.signal });
    const told = picture && answer.ok ? await answer.blob() : await answer.json().catch(() => null);
    if (answer.ok && told === null) throw new Unreached(t("答复不完整"));
    if (!answer.ok) throw new Refused(answer.status, told, Number(answer.headers.get("Retry-After")) || 0);
    return told;
  } catch (error) {
    if (error instanceof Refused || error instanceof Unreached) throw error;
    throw new Unreached(t("没有连上服务器"));
  } finally {
    clearTimeout(timer);
  }
}
