// Photos: shrunk and shown before they are sent; a signature is drawn on the glass. Without this, a file field.
import { toast } from "./toasts.js";

const LONGEST = 1600;
const chosen = new WeakMap(); // input -> its files, gathered over several shots

const asJpeg = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

function paper(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  return [canvas, pen];
}

// What cannot be read here goes as it is: the server says why.
async function shrunk(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const [canvas, pen] = paper(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await asJpeg(canvas, 0.8);
    return blob ? new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

function hold(input, files) {
  const carrier = new DataTransfer();
  for (const file of files) carrier.items.add(file);
  input.files = carrier.files;
  chosen.set(input, files);
}

function preview(input, words) {
  const box = input.closest("[data-photos]");
  for (const old of box.querySelectorAll(".photo.new")) {
    URL.revokeObjectURL(old.firstChild.src);
    old.remove();
  }
  chosen.get(input).forEach((file, index) => {
    const image = Object.assign(new Image(), { src: URL.createObjectURL(file), alt: file.name });
    const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    remove.setAttribute("aria-label", words.remove_photo);
    remove.addEventListener("click", () => {
      hold(input, chosen.get(input).filter((_, at) => at !== index));
      preview(input, words);
      input.focus();
    });
    const photo = Object.assign(document.createElement("span"), { className: "photo new" });
    photo.append(image, remove);
    input.closest(".photo-add").before(photo);
  });
}

async function add(input, words) {
  const most = Number(input.dataset.most || 20) - input.closest("[data-photos]").querySelectorAll(":checked").length;
  const before = input.multiple ? (chosen.get(input) ?? []) : [];
  const fresh = [...input.files];
  if (before.length + fresh.length > most) toast(`${words.too_many_photos} (${Math.max(most, 0)})`, "burn");
  const room = fresh.slice(0, Math.max(0, most - before.length));
  hold(input, [...before, ...room]);
  preview(input, words);
  const small = await Promise.all(room.map(shrunk));
  // somebody may have taken one away meanwhile
  hold(input, chosen.get(input).map((file) => small[room.indexOf(file)] ?? file));
  preview(input, words);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function sign(box, input, words) {
  const [canvas, pen] = paper(1200, 400);
  Object.assign(pen, { lineWidth: 7, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words.sign_here);
  const again = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: words.clear });
  const signing = Object.assign(document.createElement("div"), { className: "signing" });
  signing.append(words.sign_here, canvas, again);
  box.prepend(signing);
  const at = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((event.clientX - left) * canvas.width) / width, ((event.clientY - top) * canvas.height) / height];
  };
  let drawing = false;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", async () => {
    drawing = false;
    hold(input, [new File([await asJpeg(canvas, 0.9)], "signature.jpg", { type: "image/jpeg" })]);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  again.addEventListener("click", () => {
    pen.fillRect(0, 0, canvas.width, canvas.height);
    hold(input, []);
  });
}

export function watchPhotos(words) {
  document.addEventListener("change", (event) => {
    const { target } = event;
    if (target.type === "file" && target.closest("[data-photos=photos]")) add(target, words);
  });
  const ready = (root) => {
    for (const box of root.querySelectorAll("[data-photos]:not(.drawn)")) {
      box.classList.add("drawn");
      if (box.dataset.photos === "signature") sign(box, box.querySelector("input[type=file]"), words);
    }
  };
  ready(document);
  document.addEventListener("htmx:oobAfterSwap", (event) => ready(event.target));
}
