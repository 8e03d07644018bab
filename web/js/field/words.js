// What the app says. The Chinese sentences are the keys; another language's are fetched beside them, and lie with the
// app on the phone. Whose language is the person's, as on the desk; until they are known, that of the page.
const KEY = "fengqiao-language";
let spoken = "zh-hans";
let words = {};

// `values`: what stands in {braces}.
export const t = (says, values = {}) => (words[says] ?? says).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
export const listed = (parts) => parts.join(t("、"));
export const locale = () => (spoken === "en" ? "en-GB" : "zh-CN");
export const firstLanguage = () => localStorage.getItem(KEY) ?? (document.documentElement.lang.startsWith("en") ? "en" : "zh-hans");

// Without its words a language is not spoken: Chinese is always whole.
export async function speak(language) {
  if (!language || language === spoken) return;
  const found = language === "en" ? await fetch(document.getElementById("app").dataset.words).then((answer) => (answer.ok ? answer.json() : null), () => null) : {};
  if (!found) return;
  [spoken, words] = [language, found];
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language === "en" ? "en" : "zh-Hans-CN";
}
