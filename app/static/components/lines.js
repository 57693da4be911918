// Line tables: a line more, a line less. The page brings a template of an empty line.
import { $, $$ } from "./page.js";
import { lookUp } from "./look_up.js";

export function lines(box) {
  const rows = $(".line-rows", box), count = $("input[name$='-count']", box);
  const add = $("[data-add]", box), template = $("template", box);
  let next = rows.children.length;
  add.hidden = false;
  add.addEventListener("click", () => {
    rows.append(numbered(template.content.cloneNode(true), next));
    next += 1;
    count.value = next;
    $$("[data-look-up]", rows).forEach(lookUp);
    $("input:not([type=hidden]),select", rows.lastElementChild)?.focus();
  });
  rows.addEventListener("click", event => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    button.closest(".line-row").remove();
    add.focus();
  });
}

function numbered(line, number) {
  for (const name of ["name", "id", "for", "data-when"]) {
    for (const part of $$(`[${name}]`, line)) {
      part.setAttribute(name, part.getAttribute(name).replaceAll("-NEW-", `-${number}-`));
    }
  }
  return line;
}
