// A look-up: one combobox after the WAI-ARIA pattern. The hidden box beside it keeps the chosen key.
import { $, composing } from "./page.js";

let serial = 0;

export function lookUp(input) {
  if (input.dataset.ready) return;
  input.dataset.ready = "1";
  const key = $("input[type=hidden]", input.parentElement), list = listOf(input);
  let rows = [], at = -1; // what was found, and which of it is marked
  let chosen = false; // by arrow keys
  let timer = 0, asked = 0, waiting = false; // for the server's answer to what is typed now
  let wanted = false; // Enter came before the answer

  const close = () => {
    list.hidden = true;
    at = -1;
    chosen = false;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = to => {
    at = to;
    [...list.children].forEach((line, i) => {
      line.className = i === at ? "on" : "";
      line.setAttribute("aria-selected", String(i === at));
      if (i === at) line.scrollIntoView({ block: "nearest" });
    });
    if (at >= 0) input.setAttribute("aria-activedescendant", list.children[at].id);
    else input.removeAttribute("aria-activedescendant");
  };
  const pick = row => {
    input.value = row.label;
    key.value = row.id;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    if ("go" in key.dataset) key.form.requestSubmit();
  };
  const ask = async () => {
    const turn = ++asked;
    waiting = true;
    const answer = await rowsFor(input);
    if (turn !== asked) return;
    waiting = false;
    if (document.activeElement !== input) return;
    rows = answer;
    list.replaceChildren(...rows.map((row, i) => lineOf(row, `${list.id}-${i}`, pick)));
    list.hidden = !rows.length;
    input.setAttribute("aria-expanded", String(!!rows.length));
    mark(rows.length ? 0 : -1);
    if (wanted && rows.length) pick(rows[0]);
    wanted = false;
  };
  const askIn = milliseconds => {
    clearTimeout(timer);
    timer = setTimeout(ask, milliseconds);
  };
  const keys = {
    ArrowDown: event => step(event, 1),
    ArrowUp: event => step(event, rows.length - 1),
    Enter(event) {
      if (waiting && input.value) {
        event.preventDefault();
        wanted = true;
      } else if (!list.hidden && at >= 0) {
        event.preventDefault();
        event.stopPropagation();
        pick(rows[at]);
      }
    },
    Tab() {
      if (!list.hidden && at >= 0 && input.value && (chosen || rows[at].exact)) pick(rows[at]);
    },
    Escape(event) {
      if (list.hidden) return;
      event.preventDefault();
      event.stopPropagation();
      close();
    },
  };
  function step(event, by) {
    event.preventDefault();
    if (list.hidden) ask();
    else {
      mark((at + by) % rows.length);
      chosen = true;
    }
  }

  input.addEventListener("input", event => {
    key.value = "";
    asked += 1;
    close();
    rows = [];
    waiting = true;
    if (!event.isComposing) askIn(120);
  });
  input.addEventListener("compositionend", () => askIn(60));
  input.addEventListener("focus", () => {
    if (!input.value) ask();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", event => {
    if (!composing(event)) keys[event.key]?.(event);
  });
}

function listOf(input) {
  const list = document.createElement("div");
  list.className = "pick";
  list.id = `pick-${++serial}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent || input.getAttribute("aria-label") || "");
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  return list;
}

function lineOf(row, id, pick) {
  const line = document.createElement("div"), name = document.createElement("span");
  const more = document.createElement("small");
  line.id = id;
  line.setAttribute("role", "option");
  name.textContent = row.label;
  more.textContent = row.more || "";
  line.append(name, more);
  line.addEventListener("mousedown", event => {
    event.preventDefault();
    pick(row);
  });
  return line;
}

async function rowsFor(input) {
  const address = `${input.dataset.lookUp}?q=${encodeURIComponent(input.value)}`;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).found : [];
  } catch {
    return [];
  }
}
