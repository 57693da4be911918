// Shortcuts; never while typing or while a pinyin candidate is being chosen.
import { $, $$, composing } from "./page.js";

export function shortcuts() {
  document.addEventListener("keydown", event => {
    if (composing(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save(event);
    else if (event.key === "Escape") foldMenus();
    else if (event.target.closest?.("input,textarea,select,[contenteditable]") || $("dialog[open]")) return;
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "/") search(event);
    else if (event.key === "n") make(event);
  });
  // Enter that ends a composition confirms a candidate, not the form.
  const confirms = event => {
    if (event.key === "Enter" && composing(event)) event.stopImmediatePropagation();
  };
  document.addEventListener("keydown", confirms, true);
}

function save(event) {
  const form = event.target.closest?.("form[method=post]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit($("[data-save]", form) || undefined);
}

function search(event) {
  event.preventDefault();
  $(".top .search input")?.focus();
}

function make(event) {
  const link = $(".head a.btn.main[href$='/new/']"), summary = $("summary[data-key=n]");
  if (link) link.click();
  else if (summary) {
    event.preventDefault();
    summary.parentElement.open = true;
    $("a", summary.parentElement)?.focus();
  }
}

function foldMenus() {
  $$("details.drop[open]").forEach(menu => {
    menu.open = false;
    $("summary", menu).focus();
  });
}
