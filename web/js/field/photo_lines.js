// Photos on their way: three at once, so that while one is on the line the server draws another.
import { call } from "./net.js";
import * as store from "./store.js";

export const LINES = 3;

// Each photo goes once, in the order asked for; who asks for it again gets the same answer.
export function photoLines() {
  const left = [];
  const answers = new Map();
  const open = new Set();

  async function line() {
    while (left.length) await left.shift()();
  }

  function send(id) {
    if (answers.has(id)) return answers.get(id);
    const answer = new Promise((done, failed) => left.push(() => sendPhoto(id).then(done, failed)));
    answer.catch(() => {}); // told to the visit that waits for it, if one ever does
    answers.set(id, answer);
    if (open.size < LINES) {
      const opened = line().finally(() => open.delete(opened));
      open.add(opened);
    }
    return answer;
  }

  // What has not begun does not go; what is on its way has its answer when this ends.
  function close() {
    left.length = 0;
    return Promise.all(open);
  }

  return { send, close };
}

async function sendPhoto(id) {
  const photo = await store.get("photos", id);
  if (!photo?.blob || photo.sent) return;
  const form = new FormData();
  form.append("file", photo.blob, `${id}.jpg`);
  for (const name of ["id", "kind", "taken_at", "lon", "lat", "accuracy"]) if (photo[name] != null) form.append(name, photo[name]);
  await call("/photos", { body: form, seconds: 120 });
  await store.change("photos", id, (held) => ({ ...held, sent: true }));
}
