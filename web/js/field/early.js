// Small, and before the rest: the phone's store takes its time to open, and the rest is on the line meanwhile.
import { get } from "./store.js";

get("vault", "phone").catch(() => {});
