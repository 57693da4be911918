// Makes quick what works without: dialogs, look-ups, line tables, selection, shortcuts, drafts. No page needs it.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const composing = event => event.isComposing || event.keyCode === 229;
  const say = text => { const talk = $("#talk"); if (talk) talk.textContent = text; };
  const who = document.body.dataset.user || "0";

  // Look-ups: one combobox after the WAI-ARIA pattern.
  let serial = 0;
  function combobox(input) {
    if (input.dataset.ready) return;
    input.dataset.ready = "1";
    const key = input.parentElement.querySelector("input[type=hidden]");
    const list = document.createElement("div");
    list.className = "pick"; list.id = `pick-${++serial}`; list.hidden = true; list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels?.[0]?.textContent || input.getAttribute("aria-label") || "");
    input.after(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
    let found = [], at = -1, chosen = false, timer = 0, asked = 0, waiting = false, wanted = false;
    const close = () => { list.hidden = true; at = -1; chosen = false; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = to => {
      at = to;
      [...list.children].forEach((row, i) => { row.className = i === at ? "on" : ""; row.setAttribute("aria-selected", String(i === at)); if (i === at) row.scrollIntoView({ block: "nearest" }); });
      if (at >= 0) input.setAttribute("aria-activedescendant", list.children[at].id); else input.removeAttribute("aria-activedescendant");
    };
    const pick = row => { input.value = row.label; key.value = row.id; close(); input.dispatchEvent(new Event("change", { bubbles: true })); if ("go" in key.dataset) key.form.requestSubmit(); };
    const ask = async () => {
      const turn = ++asked;
      waiting = true;
      let rows = [];
      try {
        const answer = await fetch(`${input.dataset.lookUp}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
        rows = answer.ok ? (await answer.json()).found : [];
      } catch { rows = []; }
      if (turn !== asked) return;
      waiting = false;
      if (document.activeElement !== input) return;
      found = rows;
      list.replaceChildren(...rows.map((row, i) => {
        const line = document.createElement("div"), name = document.createElement("span"), more = document.createElement("small");
        line.id = `${list.id}-${i}`; line.setAttribute("role", "option"); name.textContent = row.label; more.textContent = row.more || "";
        line.append(name, more); line.addEventListener("mousedown", event => { event.preventDefault(); pick(row); });
        return line;
      }));
      list.hidden = !rows.length; input.setAttribute("aria-expanded", String(!!rows.length)); mark(rows.length ? 0 : -1);
      if (wanted && rows.length) pick(rows[0]);
      wanted = false;
    };
    input.addEventListener("input", event => { key.value = ""; asked += 1; close(); found = []; waiting = true; if (event.isComposing) return; clearTimeout(timer); timer = setTimeout(ask, 120); });
    input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 60); });
    input.addEventListener("focus", () => { if (!input.value) ask(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", event => {
      if (composing(event)) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); if (list.hidden) ask(); else { mark((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length); chosen = true; } }
      else if (event.key === "Enter" && waiting && input.value) { event.preventDefault(); wanted = true; }
      else if (event.key === "Enter" && !list.hidden && at >= 0) { event.preventDefault(); event.stopPropagation(); pick(found[at]); }
      else if (event.key === "Tab" && !list.hidden && at >= 0 && input.value && (chosen || found[at].exact)) pick(found[at]);
      else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); close(); }
    });
  }

  // Boxes that are shown only when another says so.
  function conditions(form) {
    // What a box says: its values; those it will be saved with where it is hidden itself.
    const says = name => {
      const boxes = $$(`[name="${CSS.escape(name)}"]`, form), field = boxes[0]?.closest("[data-when]");
      if (field?.hidden) return field.dataset.start ? field.dataset.start.split("\n") : [];
      return boxes.filter(box => !["checkbox", "radio"].includes(box.type) || box.checked).map(box => box.value).filter(Boolean);
    };
    const fits = rule => { const said = says(rule.box); return !said.length ? rule.empty : rule.not ? !said.some(value => rule.of.includes(value)) : said.some(value => rule.of.includes(value)); };
    const set = () => { for (let again = true, turn = 0; again && turn < 9; turn++) { again = false; for (const box of $$("[data-when]", form)) { const hidden = !JSON.parse(box.dataset.when).every(fits); if (hidden !== box.hidden) { box.hidden = hidden; again = true; } } } };
    form.addEventListener("change", set); form.addEventListener("click", event => { if (event.target.closest("[data-add]")) set(); }); set();
  }

  // Line tables.
  function lines(box) {
    const rows = $(".line-rows", box), count = $("input[name$='-count']", box), add = $("[data-add]", box), template = $("template", box);
    add.hidden = false;
    let next = rows.children.length;
    add.addEventListener("click", () => {
      const made = template.content.cloneNode(true);
      $$("[name],[id],[for],[data-when]", made).forEach(one => ["name", "id", "for", "data-when"].forEach(name => { if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replace("-NEW-", `-${next}-`)); }));
      rows.append(made); next += 1; count.value = next; $$("[data-look-up]", rows).forEach(combobox); $("input:not([type=hidden]),select", rows.lastElementChild)?.focus();
    });
    rows.addEventListener("click", event => { const button = event.target.closest("[data-remove]"); if (button) { button.closest(".line-row").remove(); add.focus(); } });
  }

  // Photos of a dialog: one after the other, each told by its name and taken out again by its button.
  function shots(box) {
    box.classList.add("dressed");
    box.addEventListener("change", event => {
      const input = event.target.closest("input[type=file]");
      if (!input?.files.length) return;
      const next = input.cloneNode(), row = document.createElement("li"), name = document.createElement("span"), off = document.createElement("button");
      next.value = ""; input.after(next); next.focus();
      name.textContent = [...input.files].map(file => file.name).join("、");
      off.type = "button"; off.className = "btn plain small"; off.textContent = box.dataset.shots;
      off.addEventListener("click", () => { row.remove(); next.focus(); });
      input.tabIndex = -1; row.append(name, input, off); $(".chosen", box).append(row); say(name.textContent);
    });
  }

  // What was typed outlives a lost session, a dead network, a closed tab: kept in this browser until its form was saved, a day at most.
  const DAY = 864e5, own = sessionStorage.tab ||= Math.random().toString(36).slice(2), tabs = window.BroadcastChannel ? new BroadcastChannel("drafts") : null;
  const drafts = function* (start) {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(start)) continue;
      try { const kept = JSON.parse(localStorage[name]); if (Date.now() - kept.at < DAY) { yield [name, kept]; continue; } } catch { /* not one of ours */ }
      localStorage.removeItem(name);
    }
  };
  // A page that comes of a saved form says so by the form's mark: the network may have gone in between, so nothing else tells.
  const saved = (document.body.dataset.saved || "").split(" ");
  for (const [name, kept] of drafts("draft:")) if (kept.token && saved.includes(kept.token)) localStorage.removeItem(name);
  function draft(form) {
    const start = `draft:${who}:${form.dataset.keep}${/\/new\/$/.test(location.pathname) ? location.search : ""}|`, name = start + own;
    const skip = ["csrf_token", "submission", "version"], blank = new URLSearchParams(new FormData(form)).toString();
    let typed = false;
    const keep = () => {
      typed = new URLSearchParams(new FormData(form)).toString() !== blank;
      const values = [...new FormData(form)].filter(([key, value]) => typeof value === "string" && !skip.includes(key));
      try { localStorage[name] = JSON.stringify({ at: Date.now(), token: form.elements.submission?.value, values }); } catch { /* full or private: the page still works */ }
    };
    const forget = () => { localStorage.removeItem(name); typed = false; };
    const theirs = (sessionStorage.theirs || "").split(" ");
    const [from, kept] = [...drafts(start)].filter(([one]) => one === name || !theirs.includes(one)).sort(([one, a], [two, b]) => (two === name) - (one === name) || b.at - a.at)[0] || [];
    if (kept?.values.length && !$(".errors")) {
      fill(form, kept.values.filter(([key]) => !skip.includes(key)));
      const note = $(".kept", form);
      if (note) { note.hidden = false; say($("span", note).textContent); }
      if (from !== name) { localStorage.removeItem(from); tabs?.postMessage({ ask: from, tab: own }); }
      keep();
    }
    // Another tab may be at work on what was taken for a closed one's: it says so, and keeps its own.
    tabs?.addEventListener("message", ({ data }) => {
      if (data.ask === name && data.tab !== own) { keep(); tabs.postMessage({ live: name, tab: data.tab }); }
      if (data.live && data.live === from && data.tab === own) { sessionStorage.theirs = `${sessionStorage.theirs || ""} ${from}`; forget(); location.reload(); }
    });
    form.addEventListener("input", keep); form.addEventListener("change", keep);
    form.addEventListener("submit", () => { typed = false; });
    form.addEventListener("saved", forget);
    $("[data-forget]", form)?.addEventListener("click", () => { forget(); location.reload(); });
    $("[data-cancel],[data-close]", form)?.addEventListener("click", forget);
    if (!form.closest("dialog")) addEventListener("beforeunload", event => { if (typed) event.preventDefault(); });
  }
  function fill(form, values) {
    for (const box of $$("[data-lines]", form)) { const wanted = Number((values.find(([key]) => key === `${box.dataset.lines}-count`) || [0, 0])[1]); while ($(".line-rows", box).children.length < wanted) $("[data-add]", box).click(); }
    $$("input[type=checkbox],input[type=radio]", form).forEach(box => { box.checked = values.some(([key, value]) => key === box.name && value === box.value); });
    for (const [key, value] of values) { const box = form.elements.namedItem(key); if (box && "value" in box && !["checkbox", "radio"].includes(box.type)) box.value = value; }
    form.dispatchEvent(new Event("change"));
  }
  // Whoever signs out leaves nothing behind at a desk that others use.
  $("form[action='/logout']")?.addEventListener("submit", () => { for (const [name] of drafts(`draft:${who}:`)) localStorage.removeItem(name); });

  // One press, one post.
  function once(form) {
    form.addEventListener("submit", event => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      if (!navigator.onLine) { event.preventDefault(); failed(form, document.body.dataset.offline); return; }
      form.dataset.sent = "1"; $$("button:not([type=button])", form).forEach(button => button.setAttribute("aria-busy", "true"));
      setTimeout(() => { delete form.dataset.sent; $$("[aria-busy]", form).forEach(button => button.removeAttribute("aria-busy")); }, 8000);
    });
  }
  addEventListener("pageshow", event => { if (event.persisted) $$("form[data-sent]").forEach(form => { delete form.dataset.sent; $$("[aria-busy]", form).forEach(button => button.removeAttribute("aria-busy")); }); });

  // Steps as dialogs: the step's own page, its form shown here.
  async function dialog(link) {
    let page;
    try { const answer = await fetch(link.href); page = new DOMParser().parseFromString(await answer.text(), "text/html"); } catch { location.href = link.href; return; }
    const form = $("form[data-step]", page);
    if (!form) { location.href = link.href; return; }
    const box = document.createElement("dialog");
    box.setAttribute("aria-label", $(".name", form)?.textContent.trim() || "");
    show(box, form, link);
  }
  function show(box, form, link) {
    box.replaceChildren(document.adoptNode(form));
    if (!box.isConnected) { document.body.append(box); box.addEventListener("close", () => { box.remove(); link.focus(); }); box.showModal(); }
    dress(form);
    ($("[aria-invalid]", form) || $("input:not([type=hidden]),select,textarea", form) || $("footer button", form))?.focus();
    $("[data-close]", form)?.addEventListener("click", event => { event.preventDefault(); box.close(); });
    form.addEventListener("submit", async event => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Dialog": "1" } });
        if (new URL(answer.url).pathname === "/login") { location.href = answer.url; return; }
        if (answer.status === 204) {
          form.dispatchEvent(new Event("saved"));
          if (location.pathname === "/" || /^\/admin\/\w+\/$/.test(location.pathname)) location.reload(); else location.href = answer.headers.get("X-Go");
          return;
        }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html"), again = $("form[data-step]", page), said = $(".errors p", page);
        if (again) show(box, again, link); else if (answer.status >= 500 && said) failed(form, said.textContent); else location.href = link.href;
      } catch { failed(form, document.body.dataset.offline); }
    });
  }
  function failed(form, text) {
    delete form.dataset.sent; $$("[aria-busy]", form).forEach(button => button.removeAttribute("aria-busy"));
    const wrong = $(".errors", form) || document.createElement("div"); wrong.className = "errors"; wrong.setAttribute("role", "alert"); wrong.textContent = text; form.prepend(wrong);
  }

  function dress(form) {
    $$("[data-look-up]", form).forEach(combobox); $$("[data-lines]", form).forEach(lines); $$("[data-shots]", form).forEach(shots); conditions(form);
    if (form.dataset.keep) draft(form);
    if ((form.method || "").toLowerCase() === "post") once(form);
  }
  // An empty form is there to be typed into; where fingers type, the keys would cover it.
  if (location.pathname.endsWith("/new/") && matchMedia("(pointer: fine)").matches) $("form[data-keep] :is(input:not([type=hidden]),select,textarea)")?.focus();
  $$("form").forEach(dress);
  $(".errors")?.focus();

  // Selection in a list.
  const table = $("#rows");
  if (table) {
    const bar = $(".bar", table), all = $("input[name=all]", table), boxes = () => $$("input[name=rowid]", table);
    const count = () => {
      const picked = boxes().filter(box => box.checked);
      if (bar) { bar.hidden = !picked.length; $("[data-picked]", bar).textContent = document.body.dataset.picked.replace("{n}", all.value === "1" ? table.dataset.total : picked.length); }
      boxes().forEach(box => box.closest("tr").classList.toggle("picked", box.checked));
    };
    table.addEventListener("change", event => { if (event.target.matches("[data-every]")) boxes().forEach(box => { box.checked = event.target.checked; }); if (event.target.type === "checkbox") { all.value = ""; count(); } });
    $("[data-all]", table)?.addEventListener("click", () => { all.value = "1"; boxes().forEach(box => { box.checked = true; }); count(); });
    $("[data-none]", table)?.addEventListener("click", () => { all.value = ""; $$("input[type=checkbox]", table).forEach(box => { box.checked = false; }); count(); });
    count();
  }

  // Personal data shown in place, one look a click.
  document.addEventListener("submit", async event => {
    const form = event.target.closest("form.reveal");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    try { const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }); if (!answer.ok) throw 0; const text = (await answer.json()).text; const spot = document.createElement("span"); spot.className = "mono"; spot.textContent = text; form.previousSibling?.nodeType === 3 && form.previousSibling.remove(); form.replaceWith(spot); say(text); } catch { form.submit(); }
  });

  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-dialog]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) { event.preventDefault(); dialog(link); }
    $$("details.drop[open]").forEach(box => { if (!box.contains(event.target)) box.open = false; });
  });

  // Shortcuts; never while typing or while a pinyin candidate is being chosen.
  document.addEventListener("keydown", event => {
    if (composing(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { const form = event.target.closest?.("form[method=post]"); if (form) { event.preventDefault(); form.requestSubmit($("[data-save]", form) || undefined); } return; }
    if (event.key === "Escape") { $$("details.drop[open]").forEach(box => { box.open = false; $("summary", box).focus(); }); return; }
    if (event.target.closest?.("input,textarea,select,[contenteditable]") || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.key === "/") { event.preventDefault(); $(".top .search input")?.focus(); }
    if (event.key === "n") { const make = $(".head a.btn.main[href$='/new/']"); if (make) make.click(); else { const drop = $("summary[data-key=n]"); if (drop) { event.preventDefault(); drop.parentElement.open = true; $("a", drop.parentElement)?.focus(); } } }
  });
  // Enter that ends a composition confirms a candidate, not the form.
  document.addEventListener("keydown", event => { if (event.key === "Enter" && composing(event)) event.stopImmediatePropagation(); }, true);
})();
