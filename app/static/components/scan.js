// Reads a paper's code with the camera, where the browser can: what it names opens here, by our own address.
import { $ } from "./page.js";

const EVERY = 200; // milliseconds between two looks

export function scanning(form) {
  const start = $("[data-scan]", form), film = $("video", form);
  if (!window.BarcodeDetector || !navigator.mediaDevices) return;
  start.hidden = false;
  start.addEventListener("click", async () => {
    const camera = await open(film);
    if (!camera) {
      start.hidden = true;
      form.number.focus();
      return;
    }
    const said = await read(film);
    camera.getTracks().forEach(track => track.stop());
    film.hidden = true;
    follow(form, said);
  });
}

async function open(film) {
  try {
    film.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    film.hidden = false;
    await film.play();
    return film.srcObject;
  } catch {
    return null;
  }
}

async function read(film) {
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  for (;;) {
    const [code] = await detector.detect(film).catch(() => []);
    if (code) return code.rawValue;
    await new Promise(later => setTimeout(later, EVERY));
  }
}

// An address of another host is taken for its number alone: its mark tells whether the paper is ours.
function follow(form, said) {
  const here = new URL(form.action);
  let there = null;
  try {
    there = new URL(said);
  } catch {
    // a bare number
  }
  if (there && there.pathname === here.pathname) {
    const asked = new URLSearchParams(there.search);
    for (const kept of form.querySelectorAll("input[type=hidden]")) asked.set(kept.name, kept.value);
    location.assign(`${here.pathname}?${asked}`);
    return;
  }
  form.number.value = said;
  form.requestSubmit();
}
