// Makes quick what works without: each part of the page meets its script. No page needs it.
import { $, $$ } from "./page.js";
import { openDialog } from "./dialog.js";
import { forgetAtSignOut, forgetSaved } from "./draft.js";
import { dress, firstBox } from "./form.js";
import { selection } from "./list.js";
import { reveal } from "./reveal.js";
import { scanning } from "./scan.js";
import { shortcuts } from "./shortcuts.js";

forgetSaved();
forgetAtSignOut();
firstBox();
$$("form").forEach(dress);
$(".errors")?.focus();
$$("#rows").forEach(selection);
$$("[data-scans]").forEach(scanning);
shortcuts();

document.addEventListener("submit", event => {
  const form = event.target.closest("form.reveal");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  reveal(form);
});
document.addEventListener("click", event => {
  const link = event.target.closest("a[data-dialog]"), plain = event.button === 0;
  if (link && plain && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    openDialog(link);
  }
  $$("details.drop[open]").forEach(menu => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
