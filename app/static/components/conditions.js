// Boxes that are shown only when others say so.
import { $$ } from "./page.js";

const TURNS = 9; // a box that is hidden may hide another

export function conditions(form) {
  const set = () => {
    for (let turn = 0, again = true; again && turn < TURNS; turn++) {
      again = false;
      for (const field of $$("[data-when]", form)) {
        const hidden = !JSON.parse(field.dataset.when).every(rule => holds(form, rule));
        again ||= hidden !== field.hidden;
        field.hidden = hidden;
      }
    }
  };
  form.addEventListener("change", set);
  form.addEventListener("click", event => {
    if (event.target.closest("[data-add]")) set();
  });
  set();
}

function holds(form, rule) {
  const said = valuesOf(form, rule.box), fits = said.some(value => rule.of.includes(value));
  if (!said.length) return rule.empty;
  return rule.not ? !fits : fits;
}

// What a box says: its values; those it will be saved with where it is hidden itself.
function valuesOf(form, name) {
  const boxes = $$(`[name="${CSS.escape(name)}"]`, form), field = boxes[0]?.closest("[data-when]");
  if (field?.hidden) return field.dataset.start ? field.dataset.start.split("\n") : [];
  const chosen = boxes.filter(box => !["checkbox", "radio"].includes(box.type) || box.checked);
  return chosen.map(box => box.value).filter(Boolean);
}
