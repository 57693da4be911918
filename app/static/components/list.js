// Selection in a list: row by row, the page, or all that the filters leave.
import { $, $$, text } from "./page.js";

export function selection(form) {
  const bar = $(".bar", form), all = $("input[name=all]", form), boxes = () => $$("input[name=rowid]", form);
  const count = () => {
    const picked = boxes().filter(box => box.checked).length;
    if (bar) {
      bar.hidden = !picked;
      const number = all.value === "1" ? form.dataset.total : picked;
      $("[data-picked]", bar).textContent = text("picked").replace("{n}", number);
    }
    boxes().forEach(box => box.closest("tr").classList.toggle("picked", box.checked));
  };
  const set = (whole, boxes, on) => {
    all.value = whole;
    boxes.forEach(box => { box.checked = on; });
    count();
  };
  form.addEventListener("change", event => {
    if (event.target.type !== "checkbox") return;
    const every = event.target.matches("[data-every]");
    set("", every ? boxes() : [], event.target.checked);
  });
  $("[data-all]", form)?.addEventListener("click", () => set("1", boxes(), true));
  $("[data-none]", form)?.addEventListener("click", () => set("", $$("input[type=checkbox]", form), false));
  count();
}
