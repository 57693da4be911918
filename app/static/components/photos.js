// Photos of a form: one after the other, each told by its name and taken out again by its button.
import { $, say } from "./page.js";

export function photos(box) {
  box.classList.add("dressed");
  box.addEventListener("change", event => {
    const input = event.target.closest("input[type=file]");
    if (!input?.files.length) return;
    const next = input.cloneNode();
    next.value = "";
    input.after(next);
    next.focus();
    const line = document.createElement("li"), name = document.createElement("span");
    const off = document.createElement("button");
    name.textContent = namesOf(input.files);
    off.type = "button";
    off.className = "btn plain small";
    off.textContent = box.dataset.shots;
    off.addEventListener("click", () => {
      line.remove();
      next.focus();
    });
    input.tabIndex = -1;
    line.append(name, input, off);
    $(".chosen", box).append(line);
    say(name.textContent);
  });
}

function namesOf(files) {
  const names = new Intl.ListFormat(document.documentElement.lang);
  return names.format([...files].map(file => file.name));
}
