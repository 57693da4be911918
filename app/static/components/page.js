// What every script asks of the page: its parts, its texts, whoever is at it.
export const $ = (selector, from = document) => from.querySelector(selector);
export const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

// A text of the catalogue, in the person's language; templates/texts.html lists them.
export const text = name => $("#texts").dataset[name];

// The person signed in; 0 at the gate.
export const who = document.body.dataset.user || "0";

// For ears: what changed without the page changing.
export function say(words) {
  const talk = $("#talk");
  if (talk) talk.textContent = words;
}

// Whether a pinyin candidate is being chosen: its keys are the input method's, not ours.
export const composing = event => event.isComposing || event.keyCode === 229;
