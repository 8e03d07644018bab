// Who looks, and when, faint across every screen: a photograph of the screen says whose phone it was.
import { useEffect, useRef } from "preact/hooks";
import { me, now } from "./model.js";
import { moment } from "./ui.js";

const STEP = 150;

function draw(canvas) {
  const pen = canvas.getContext("2d");
  Object.assign(canvas, { width: innerWidth, height: innerHeight });
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  Object.assign(pen, { font: "13px sans-serif", fillStyle: dark ? "rgba(255,255,255,.09)" : "rgba(0,0,0,.08)" });
  pen.rotate(-0.35);
  const says = `${me().name} ${moment(now())}`;
  for (let y = 0; y < innerHeight * 1.5; y += STEP / 2)
    for (let x = -innerHeight; x < innerWidth; x += pen.measureText(says).width + STEP) pen.fillText(says, x + (y % STEP), y);
}

export function Watermark() {
  const canvas = useRef();
  useEffect(() => {
    const again = () => canvas.current && draw(canvas.current);
    again();
    const timer = setInterval(again, 60_000);
    addEventListener("resize", again);
    return () => { clearInterval(timer); removeEventListener("resize", again); };
  }, []);
  return <canvas ref={canvas} class="watermark" aria-hidden="true" />;
}
