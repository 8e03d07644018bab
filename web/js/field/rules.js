// Rules between the answers of a form (`x-rules`), kept before it leaves; the server judges all of them again.
import { evaluated, truth } from "./conditions.js";
import { matterOf, me, model, placeOf } from "./model.js";

// What a rule or a question may look at beside the answers, by the names matters/rules.py gives them.
export function factsOf(visit, act) {
  const id = visit.place ?? matterOf(act.matter)?.place?.id;
  // One knock, one reason: what another act of this visit says is said.
  const explained = visit.acts.some((one) => one !== act && one.given.knock_reason);
  return { me: me()?.id, party: false, "place.kind": placeOf(id)?.kind, "knock.over": explained ? 0 : model.slice.over?.[id] ?? 0 };
}

const filled = (says, values) => says.replace(/\$\{([\w.]+)\}/g, (_, name) => values[name] ?? "");

// By field, what is said of it; the first rule each one breaks.
export function broken(act, given, visit) {
  const values = { ...given, ...factsOf(visit, act) };
  const found = {};
  for (const { field, says, tree } of act.asks["x-rules"] ?? []) if (!(field in found) && truth(evaluated(tree, values, ""))) found[field] = filled(says, values);
  return found;
}
