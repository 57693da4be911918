// What was typed outlives a lost session, a dead network, a closed tab: kept in this browser until its form
// was saved, a day at most.
import { $, $$, say, who } from "./page.js";

const DAY = 864e5;
const ours = key => !["csrf_token", "submission", "version"].includes(key);
const tab = sessionStorage.tab ||= Math.random().toString(36).slice(2);
const tabs = window.BroadcastChannel ? new BroadcastChannel("drafts") : null;

function* drafts(start) {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(start)) continue;
    try {
      const kept = JSON.parse(localStorage[name]);
      if (Date.now() - kept.at < DAY) {
        yield [name, kept];
        continue;
      }
    } catch { /* not one of ours */ }
    localStorage.removeItem(name);
  }
}

// A page that comes of a saved form says so by the form's mark: the network may have gone in between, so
// nothing else tells.
export function forgetSaved() {
  const saved = (document.body.dataset.saved || "").split(" ");
  for (const [name, kept] of drafts("draft:")) {
    if (kept.token && saved.includes(kept.token)) localStorage.removeItem(name);
  }
}

// Whoever signs out leaves nothing behind at a desk that others use.
export function forgetAtSignOut() {
  $("form[action='/logout']")?.addEventListener("submit", () => {
    for (const [name] of drafts(`draft:${who}:`)) localStorage.removeItem(name);
  });
}

export function draft(form) {
  const place = form.dataset.keep + (/\/new\/$/.test(location.pathname) ? location.search : "");
  const start = `draft:${who}:${place}|`, name = start + tab;
  const typedNow = () => new URLSearchParams(new FormData(form)).toString(), blank = typedNow();
  let typed = false;
  const keep = () => {
    typed = typedNow() !== blank;
    const values = [...new FormData(form)].filter(([key, value]) => typeof value === "string" && ours(key));
    try {
      const token = form.elements.submission?.value;
      localStorage[name] = JSON.stringify({ at: Date.now(), token, values });
    } catch { /* full or private: the page still works */ }
  };
  const forget = () => {
    localStorage.removeItem(name);
    typed = false;
  };

  const [from, kept] = latest(start, name);
  if (kept?.values.length && !$(".errors")) {
    fill(form, kept.values.filter(([key]) => ours(key)));
    const note = $(".kept", form);
    if (note) {
      note.hidden = false;
      say($("span", note).textContent);
    }
    if (from !== name) {
      localStorage.removeItem(from);
      tabs?.postMessage({ ask: from, tab });
    }
    keep();
  }
  // Another tab may be at work on what was taken for a closed one's: it says so, and keeps its own.
  tabs?.addEventListener("message", ({ data }) => {
    if (data.ask === name && data.tab !== tab) {
      keep();
      tabs.postMessage({ live: name, tab: data.tab });
    }
    if (data.live && data.live === from && data.tab === tab) {
      sessionStorage.theirs = `${sessionStorage.theirs || ""} ${from}`;
      forget();
      location.reload();
    }
  });

  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => { typed = false; });
  form.addEventListener("saved", forget);
  $("[data-forget]", form)?.addEventListener("click", () => {
    forget();
    location.reload();
  });
  $("[data-cancel],[data-close]", form)?.addEventListener("click", forget);
  if (form.closest("dialog")) return;
  addEventListener("beforeunload", event => {
    if (typed) event.preventDefault();
  });
}

// This tab's own draft, or the newest of a tab that is closed.
function latest(start, name) {
  const theirs = (sessionStorage.theirs || "").split(" ");
  const kept = [...drafts(start)].filter(([other]) => other === name || !theirs.includes(other));
  kept.sort(([one, a], [two, b]) => (two === name) - (one === name) || b.at - a.at);
  return kept[0] || [];
}

function fill(form, values) {
  for (const box of $$("[data-lines]", form)) {
    const count = values.find(([key]) => key === `${box.dataset.lines}-count`);
    while (count && $(".line-rows", box).children.length < Number(count[1])) $("[data-add]", box).click();
  }
  $$("input[type=checkbox],input[type=radio]", form).forEach(box => {
    box.checked = values.some(([key, value]) => key === box.name && value === box.value);
  });
  for (const [key, value] of values) {
    const box = form.elements.namedItem(key);
    if (box && "value" in box && !["checkbox", "radio"].includes(box.type)) box.value = value;
  }
  form.dispatchEvent(new Event("change"));
}
