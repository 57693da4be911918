// Steps as dialogs: the step's own page, its form shown here. Where that fails, its page is gone to.
import { $, text } from "./page.js";
import { dress } from "./form.js";
import { failed } from "./once.js";

export async function openDialog(link) {
  let form;
  try {
    form = formOf(await (await fetch(link.href)).text());
  } catch { /* no network: the browser says so better */ }
  if (!form) {
    location.href = link.href;
    return;
  }
  const box = document.createElement("dialog");
  box.setAttribute("aria-label", $(".name", form)?.textContent.trim() || "");
  show(box, form, link);
}

const pageOf = html => new DOMParser().parseFromString(html, "text/html");
const formOf = html => $("form[data-step]", pageOf(html));

function show(box, form, link) {
  box.replaceChildren(document.adoptNode(form));
  if (!box.isConnected) {
    document.body.append(box);
    box.addEventListener("close", () => {
      box.remove();
      link.focus();
    });
    box.showModal();
  }
  dress(form);
  const first = $("[aria-invalid]", form) || $("input:not([type=hidden]),select,textarea", form);
  (first || $("footer button", form))?.focus();
  $("[data-close]", form)?.addEventListener("click", event => {
    event.preventDefault();
    box.close();
  });
  form.addEventListener("submit", async event => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    try {
      const post = { method: "POST", body: new FormData(form), headers: { "X-Dialog": "1" } };
      await answered(await fetch(form.action, post), box, form, link);
    } catch {
      failed(form, text("offline"));
    }
  });
}

async function answered(answer, box, form, link) {
  if (new URL(answer.url).pathname === "/login") {
    location.href = answer.url;
    return;
  }
  if (answer.status === 204) {
    form.dispatchEvent(new Event("saved"));
    if (location.pathname === "/" || /^\/admin\/\w+\/$/.test(location.pathname)) location.reload();
    else location.href = answer.headers.get("X-Go");
    return;
  }
  const page = pageOf(await answer.text()), again = $("form[data-step]", page), said = $(".errors p", page);
  if (again) show(box, again, link);
  else if (answer.status >= 500 && said) failed(form, said.textContent);
  else location.href = link.href;
}
