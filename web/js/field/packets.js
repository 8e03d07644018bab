import { device } from "./device.js";
import { SignIn } from "./gate.js";
import { model } from "./model.js";
import { status, sync } from "./queue.js";

// What was sealed and not sent yet: it goes when somebody has signed in here.
export function Packets() {
  const theirs = model.packets.filter((one) => !device.leased || one.head.phone !== device.phone?.id);
  if (!theirs.length) return null;
  const bad = theirs.filter((one) => one.problem);
  return (
    <section class="line-state packets">
      <p>加密待送 {theirs.length - bad.length} 份{status.running && ",正在送"}</p>
      {bad.map((one) => <p key={one.id} class="field-error">一份被退回:{one.problem}</p>)}
      {device.phone && <button type="button" class="button wide" disabled={status.running} onClick={() => sync()}>送出</button>}
      {status.signedOut && <SignIn />}
    </section>
  );
}
