// Speaking with the server: the browser's session, and the form token that no other site can send.
export class Unreached extends Error {}
export class Refused extends Error {
  constructor(status, problem, after) {
    super(problem?.detail || problem?.title || `服务器答复 ${status}`);
    Object.assign(this, { status, problem, after });
  }
}

const token = () => document.cookie.match(/(?:^|; )fengqiao_csrf=([^;]+)/)?.[1] ?? "";

// `passive`: the page asks by itself, nobody did anything (an idle session stays idle).
export async function call(path, { body, passive = false, seconds = 40 } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  if (passive) headers["X-Passive"] = "1";
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  try {
    const answer = await fetch(`/api/v1${path}`, {
      method: body ? "POST" : "GET", body, headers, credentials: "same-origin", cache: "no-store", signal: limit.signal,
    });
    const told = await answer.json().catch(() => null);
    if (answer.ok && told === null) throw new Unreached("答复不完整");
    if (!answer.ok) throw new Refused(answer.status, told, Number(answer.headers.get("Retry-After")) || 0);
    return told;
  } catch (error) {
    if (error instanceof Refused || error instanceof Unreached) throw error;
    throw new Unreached("没有连上服务器");
  } finally {
    clearTimeout(timer);
  }
}
