// A form, whole: its look-ups, its lines, its photos, its conditions, its draft, its one post.
import { $, $$ } from "./page.js";
import { conditions } from "./conditions.js";
import { draft } from "./draft.js";
import { lines } from "./lines.js";
import { lookUp } from "./look_up.js";
import { once } from "./once.js";
import { photos } from "./photos.js";

export function dress(form) {
  $$("[data-look-up]", form).forEach(lookUp);
  $$("[data-lines]", form).forEach(lines);
  $$("[data-shots]", form).forEach(photos);
  conditions(form);
  if (form.dataset.keep) draft(form);
  if ((form.method || "").toLowerCase() === "post") once(form);
}

// An empty form is there to be typed into; where fingers type, the keys would cover it.
export function firstBox() {
  if (!location.pathname.endsWith("/new/") || !matchMedia("(pointer: fine)").matches) return;
  $("form[data-keep] :is(input:not([type=hidden]),select,textarea)")?.focus();
}
