import { device } from "./device.js";
import { SignIn } from "./gate.js";
import { model } from "./model.js";
import { status, sync } from "./queue.js";
import { putAway } from "./sealed_outbox.js";
import { t } from "./words.js";

// What was sealed and not sent yet: it goes when somebody has signed in here.
export function Packets() {
  const theirs = model.packets.filter((one) => !device.leased || one.head.phone !== device.phone?.id);
  if (!theirs.length) return null;
  const bad = theirs.filter((one) => one.problem);
  return (
    <section class="line-state packets">
      <p>{t("加密待送 {count} 份", { count: theirs.length - bad.length })}{status.running && t("，正在送")}</p>
      {bad.map((one) => <Final key={one.id} packet={one} />)}
      {device.phone && <button type="button" class="button wide" disabled={status.running} onClick={() => sync()}>{t("送出")}</button>}
      {status.signedOut && <SignIn />}
    </section>
  );
}

// It lies there, asked for no more, until somebody has read why and puts it away.
const Final = ({ packet }) => (
  <p class="field-error">
    {t("一份{what}被退回，不再重试：{why}", { what: packet.what === "photo" ? t("照片") : t("走访"), why: packet.problem })}
    <button type="button" class="button wide" onClick={() => confirm(t("移除后不能找回。已告知值班室了吗？")) && putAway(packet.id)}>{t("知道了，移除")}</button>
  </p>
);
