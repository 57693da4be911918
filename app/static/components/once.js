// One press, one post; and what a form says when its post came to nothing.
import { $, $$, text } from "./page.js";

const PATIENCE = 8000; // how long an answer may take before a second press counts

export function once(form) {
  form.addEventListener("submit", event => {
    if (form.dataset.sent) {
      event.preventDefault();
    } else if (!navigator.onLine) {
      event.preventDefault();
      failed(form, text("offline"));
    } else if (!event.submitter?.hasAttribute("data-download")) { // after a download the page stays
      form.dataset.sent = "1";
      $$("button:not([type=button])", form).forEach(button => button.setAttribute("aria-busy", "true"));
      setTimeout(() => again(form), PATIENCE);
    }
  });
}

export function failed(form, words) {
  again(form);
  const errors = $(".errors", form) || document.createElement("div");
  errors.className = "errors";
  errors.setAttribute("role", "alert");
  errors.textContent = words;
  form.prepend(errors);
}

function again(form) {
  delete form.dataset.sent;
  $$("[aria-busy]", form).forEach(button => button.removeAttribute("aria-busy"));
}

// A page that comes back from the browser's memory comes as it was left.
addEventListener("pageshow", event => {
  if (event.persisted) $$("form[data-sent]").forEach(again);
});
