"""Axe on a page, and what spares it pages that it has seen.

Axe looks at colours by what an element's text and background are made of, and at all else by how a page is
built. Many pages are alike in that: those of two languages, of several roles, twenty rows of a list. So a
page's looks and its build are summed up; where all of it stood on pages on which axe found nothing, in any
worker of the run, it needn't look again. The sums leave out words alone, and keep whether there are any.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
    "experimental",
    "section508",
    "TTv5",
]  # all but AAA
COLOURS = {"type": "rule", "values": ["color-contrast"]}

LOOKS = """() => {
  const around = new Map(), found = new Set()
  const named = e => e.tagName + "." + e.getAttribute("class")
  const under = e => {
    if (!e) return "canvas"
    if (!around.has(e)) {
      const s = getComputedStyle(e), placed = s.position === "static" ? "" : s.position
      const own = [s.backgroundColor, s.backgroundImage, s.opacity, placed]
      const plain = own[0] === "rgba(0, 0, 0, 0)" && own[1] === "none" && s.opacity === "1"
      const below = under(e.parentElement)
      around.set(e, plain ? below + (own[3] && "/" + own[3]) : own.join() + "<" + below)
    }
    return around.get(e)
  }
  for (const e of document.body.querySelectorAll("*")) {
    const says = [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    const words = says || e.matches("input, select, textarea")
    if (!words || !e.checkVisibility({visibilityProperty: true})) continue
    const s = getComputedStyle(e), frame = e.parentElement
    const off = e.matches(":disabled, [aria-disabled=true]"), names = [named(e), named(frame)]
    found.add([...names, s.color, s.fontSize, s.fontWeight, s.textShadow, off, under(e)].join("|"))
  }
  return [...found]
}"""

BUILD = """() => {
  const named = ["title", "aria-label", "alt", "placeholder", "value", "content"]
  const worded = new Set([...named, "data-label", "aria-description"])
  const left = new Set(["href", "src", "nonce", "action", "style", "lang"])
  const told = e => {
    if (["SCRIPT", "STYLE"].includes(e.tagName)) return ""
    const value = a => worded.has(a.name) ? Boolean(a.value.trim()) : a.value
    const has = [...e.attributes].filter(a => !left.has(a.name)).map(a => a.name + "=" + value(a)).sort()
    const text = node => node.nodeType === 3 && node.data.trim() ? "x" : ""
    const inside = [...e.childNodes].map(node => node.nodeType === 1 ? told(node) : text(node))
    const seen = e.checkVisibility({visibilityProperty: true}), leads = e.hasAttribute("href")
    return `<${e.tagName} ${has.join(" ")} ${leads} ${seen}>${inside.join("")}</>`
  }
  const titled = document.title !== "", spoken = document.documentElement.lang.length > 1
  return [spoken, titled, innerWidth, told(document.body)].join("|")
}"""


class Seen:
    """What axe has found nothing on, kept in a folder that the run's workers share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def _place(self, address: str) -> Path:
        return self.folder / sha256(address.encode()).hexdigest()

    def all_of(self, sums: list[str]) -> bool:
        """Whether all of this stood on such pages."""
        return all(self._place(sum).exists() for sum in sums)

    def keep(self, sums: list[str]) -> None:
        """It did."""
        for sum in sums:
            self._place(sum).touch()


def faults(page: Page, seen: Seen, *kinds: str) -> list[str]:
    """What axe finds on a page: of its ``colours``, and of all the ``rest``."""
    sums = {kind: page.evaluate(LOOKS) if kind == "colours" else [page.evaluate(BUILD)] for kind in kinds}
    new = [kind for kind in kinds if not seen.all_of(sums[kind])]
    if not new:
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    faulty = _ask(page, new)
    for kind in new if not faulty else ():
        seen.keep(sums[kind])
    return faulty


def _ask(page: Page, kinds: list[str]) -> list[str]:
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": RULES} if "rest" in kinds else COLOURS,
        "rules": {
            "color-contrast": {"enabled": "colours" in kinds},
            "color-contrast-enhanced": {"enabled": False},
            "target-size": {"enabled": "rest" in kinds},
        },
        "resultTypes": ["violations"],
        "preload": False,
    }
    passed, told = page.evaluate(
        "async options => { const told = await axe.run(options); return [told.passes.length,"
        " told.violations.flatMap(one => one.nodes.slice(0, 3).map(node => `${one.id}: ${node.html.slice(0,"
        " 160)}`))] }",
        options,
    )
    assert passed > (10 if "rest" in kinds else 0), "axe looked at nothing"
    return list(told)
