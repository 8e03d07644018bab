// Rules between the answers of a form (`x-rules`), kept before it leaves; the server judges all of them again.
import { evaluated, truth } from "./conditions.js";
import { matterOf, me, placeOf } from "./model.js";

// What a rule may look at beside the answers, by the names matters/rules.py gives them.
function factsOf(visit, act) {
  const place = placeOf(visit.place) ?? placeOf(matterOf(act.matter)?.place?.id);
  return { me: me()?.id, party: false, "place.kind": place?.kind };
}

// By field, what is said of it; the first rule each one breaks.
export function broken(act, given, visit) {
  const values = { ...given, ...factsOf(visit, act) };
  const found = {};
  for (const { field, says, tree } of act.asks["x-rules"] ?? []) if (!(field in found) && truth(evaluated(tree, values, ""))) found[field] = says;
  return found;
}
