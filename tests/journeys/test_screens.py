"""Every kind of screen as every role: axe finds nothing on it, it fits a phone, it is light enough, it speaks
one language, it reports no error.

With SCREENSHOTS=folder each is kept there as a picture, to be looked at.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import Seen, faults
from playwright.sync_api import Browser, Page, expect

ROLES = ("manager", "supervisor", "specialist", "frontdesk")
PLACES = {
    "home": "/",
    "orders": "/admin/work_order/",
    "orders-late": "/admin/work_order/?state=late",
    "complaints": "/admin/complaint/",
    "loans": "/admin/key_loan/",
    "keys": "/admin/key/",
    "owners": "/admin/owner_register/",
    "units": "/admin/unit/",
    "customers": "/admin/customer/",
    "unit-file": "/admin/unit/file/?id=10",
    "customer-file": "/admin/customer/file/?id=5",
    "duty-logs": "/admin/duty_log/",
    "roster": "/admin/shift/",
    "buildings": "/admin/building/",
    "filtered": "/admin/work_order/?category=water&created_at_from=2026-01-01&search=水",
    "empty": "/admin/work_order/?search=没有这样的单",
    "search": "/search?q=水管",
    "search-none": "/search?q=没有这样的单",
    "guide": "/guide",
    "handbook": "/handbook",
    "flow": "/handbook/repair",
    "settings": "/admin/settings/",
    "setting": "/admin/settings/work_order.arrive_normal/",
    "statistics": "/admin/statistics/",
    "statistics-year": "/admin/statistics/?form=complaint&period=2026",
    "profile": "/profile",
    "new-order": "/admin/work_order/new/",
    "new-complaint": "/admin/complaint/new/",
    "new-duty-log": "/admin/duty_log/new/",
    "new-owner": "/admin/owner_register/new/",
    "import": "/admin/owner_register/import/",
    "users": "/admin/user/",
    "missing": "/admin/work_order/details/?id=999999",
    "print-list": "/admin/key_loan/print/",
}
HEAVIEST = 120_000  # bytes of a page
MINE = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,})+")
DATA = re.compile(r"(?:QR-\S+|[A-Z]{2}-\d{6}-\d{4}|OK Bank|Ctrl \+ \w+)")
THEIRS = re.compile(
    r"\d|[（：·]|^[一-鿿]{2,4}$|^Good |^Search: "
)  # people's, units' and searched-for words among the labels
LANGUAGES = ("zh_Hans_CN", "en")
WIDTHS = {1440: 900, 390: 844}


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    """One of the four."""
    return str(request.param)


@pytest.fixture(params=LANGUAGES, scope="session")
def language(request: pytest.FixtureRequest) -> str:
    """One of the two; of a whole session, so that every screen is seen in one before the other: axe has less
    to look at then.
    """
    return str(request.param)


class Watched:
    """A page whose errors are kept."""

    def __init__(self, browser: Browser, server: str, role: str, **look: Any) -> None:
        self.context = browser.new_context(base_url=server, **look)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda said: (
                self.errors.append(said.text)
                if said.type == "error" and "status of 4" not in said.text
                else None
            ),
        )
        if role:
            self.page.goto("/login")
            self.page.fill("[name=username]", role)
            self.page.fill("[name=password]", "guanjia-demo")
            self.page.keyboard.press("Enter")
            self.page.wait_for_url(lambda address: "/login" not in address)

    def go(self, address: str) -> int:
        """Open a page; its status."""
        answer = self.page.goto(address)
        assert answer is not None
        return answer.status

    def keep(self, name: str) -> None:
        """A picture, where somebody wants to look."""
        if os.environ.get("SCREENSHOTS"):
            folder = Path(os.environ["SCREENSHOTS"])
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}.png")


def places(watched: Watched) -> Iterator[tuple[str, str]]:
    """The screens this role may open, its first records', and a step's among them."""
    for name, address in PLACES.items():
        yield name, address
    for form in ("work_order", "complaint", "key_loan", "owner_register"):
        watched.go(f"/admin/{form}/")
        first = watched.page.locator("a[href*='/details/?id=']").first
        if first.count():
            address = str(first.get_attribute("href"))
            yield f"{form}-record", address
            yield f"{form}-print", address.replace("/details/", "/print/")
            yield f"{form}-edit", address.replace("/details/", "/edit/")
            watched.go(address)
            step = watched.page.locator(".head a[href*='/step/']").first
            if step.count():
                yield f"{form}-step", str(step.get_attribute("href"))


@pytest.mark.long
@pytest.mark.parametrize("width", WIDTHS)
def test_each_screen(server: str, browser: Browser, seen: Seen, role: str, width: int, language: str) -> None:
    """Axe finds nothing on it by day or night, it fits, it is light enough, it speaks one language. A theme
    changes nothing but the colours.
    """
    watched = Watched(
        browser, server, role, viewport={"width": width, "height": WIDTHS[width]}, has_touch=width < 500
    )
    watched.go("/profile")
    watched.page.locator(f"main button[name=locale][value={language}]").click()
    watched.page.wait_for_load_state()
    wrong: list[tuple[str, ...]] = []
    refused: list[str] = []
    for name, address in places(watched):
        status = watched.go(address)
        refused += [name] if status == 403 else []
        for theme in (
            ("light", "dark") if status != 403 or refused == [name] else ()
        ):  # refusals differ in their words alone
            watched.page.emulate_media(color_scheme=theme)
            watched.keep(f"{role}-{name}-{width}-{language[:2]}-{theme}")
            asked = ("colours", "rest") if theme == "light" else ("colours",)
            wrong += [(name, str(status), theme, fault) for fault in faults(watched.page, seen, *asked)]
        wrong += [
            (name, "mixed", address)
            for address in mixed(watched.page, language)
            if (name, language) != ("guide", "zh_Hans_CN")
        ]
        if "print" not in name and watched.page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((name, "wide"))
        if len(watched.page.content().encode()) >= HEAVIEST:
            wrong.append((name, "heavy"))
    watched.context.close()
    assert wrong == []
    assert watched.errors == []


def mixed(page: Page, language: str) -> list[str]:
    """Sentences in the other language: in Chinese no English one; in English no Chinese but the data's."""
    if language == "en":
        labels = page.locator("label, th, h1, h2, legend, .btn, nav.tabs a, .help").all_inner_texts()
        return [label for label in labels if re.search(r"[一-鿿]", label) and not THEIRS.search(label)]
    return MINE.findall(DATA.sub("", page.locator("body").inner_text()))


@pytest.mark.long
@pytest.mark.parametrize("role", ["supervisor", "frontdesk"])
def test_at_twice_the_size(server: str, browser: Browser, seen: Seen, role: str) -> None:
    """A desk's screen at 200 %: nothing is wider than it, and axe finds nothing."""
    watched = Watched(browser, server, role, viewport={"width": 720, "height": 450}, locale="zh-CN")
    wrong: list[tuple[str, ...]] = []
    for name, address in places(watched):
        watched.go(address)
        watched.keep(f"{role}-{name}-720-zh-light")
        wrong += [(name, fault) for fault in faults(watched.page, seen, "rest")]
        if "print" not in name and watched.page.evaluate("document.documentElement.scrollWidth") > 720:
            wrong.append((name, "wide"))
    watched.context.close()
    assert wrong == []
    assert watched.errors == []


def test_a_list_at_twice_the_size(server: str, browser: Browser) -> None:
    """It has still its boxes, its columns and its steps."""
    watched = Watched(browser, server, "supervisor", viewport={"width": 720, "height": 450}, locale="zh-CN")
    watched.go("/admin/work_order/?state=reported")
    page = watched.page
    page.locator("td input[name=rowid]").first.check()
    expect(page.locator(".bar [data-picked]")).to_have_text("已选 1 条")
    page.get_by_text("列", exact=True).click()
    expect(page.locator(".columns [name=column][value=phone]")).to_be_visible()
    page.keyboard.press("Escape")
    step = page.locator("td.steps a").first
    step.scroll_into_view_if_needed()
    expect(step).to_be_visible()
    assert (
        page.locator("td.steps > *").first.evaluate("one => getComputedStyle(one.closest('tr')).display")
        == "table-row"
    )
    watched.context.close()


def test_a_selection_on_a_phone(server: str, browser: Browser) -> None:
    watched = Watched(
        browser, server, "supervisor", viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True
    )
    watched.go("/admin/work_order/")
    page = watched.page
    for at in (0, 3):
        page.locator("td input[name=rowid]").nth(at).tap()
    expect(page.locator(".bar [data-picked]")).to_have_text("已选 2 条")
    page.mouse.wheel(0, 900)
    expect(page.locator(".bar")).to_be_in_viewport()
    watched.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_way_in(server: str, browser: Browser, seen: Seen, width: int, theme: Any) -> None:
    watched = Watched(
        browser,
        server,
        "",
        viewport={"width": width, "height": WIDTHS[width]},
        locale="zh-CN",
        color_scheme=theme,
    )
    watched.go("/login")
    watched.keep(f"login-{width}-{theme}")
    wrong = faults(watched.page, seen, "colours", "rest")
    watched.context.close()
    assert wrong == []
    assert watched.errors == []


def test_a_dialog_is_as_good_as_a_page(server: str, browser: Browser, seen: Seen) -> None:
    watched = Watched(browser, server, "supervisor", viewport={"width": 1440, "height": 900}, locale="zh-CN")
    watched.go("/admin/work_order/?state=reported")
    watched.page.locator("td.steps a").first.click()
    watched.page.locator("dialog form[data-step]").wait_for()
    watched.keep("supervisor-dialog-1440-light")
    wrong = faults(watched.page, seen, "colours", "rest")
    watched.page.keyboard.press("Escape")
    expect(watched.page.locator("dialog")).to_have_count(0)
    watched.context.close()
    assert wrong == []
    assert watched.errors == []


COMPOSING = """keys => keys.forEach(key => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown",
        {...key, keyCode: 229, isComposing: true, bubbles: true, cancelable: true})))"""


def test_by_keys_alone(server: str, browser: Browser) -> None:
    """/ searches, n begins a form in its first box, Enter over a pinyin candidate sends nothing, Esc closes
    what is on top, leaving asks.
    """
    watched = Watched(browser, server, "specialist", viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page, sent, asked = watched.page, [], []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.on("dialog", lambda question: (asked.append(question.type), question.dismiss()))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    watched.go("/admin/work_order/")
    page.keyboard.press("n")
    page.wait_for_url("**/new/")
    assert page.evaluate("document.activeElement.name") == "unit"
    page.focus("[name=reporter]")
    page.evaluate(
        COMPOSING, [{"key": "Enter"}, {"key": "Enter", "ctrlKey": True}, {"key": "n"}, {"key": "/"}]
    )
    assert page.evaluate("document.activeElement.name") == "reporter"
    page.fill("[name=reporter]", "王女士")
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => { location.href = '/' })")
    assert (asked, sent, page.url.endswith("/new/")) == (["beforeunload"], [], True)
    watched.context.close()


def test_esc_closes_what_is_on_top(server: str, browser: Browser) -> None:
    watched = Watched(browser, server, "supervisor", viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = watched.page
    watched.go("/admin/work_order/?state=reported")
    page.locator("td.s1 a").first.click()
    page.locator(".head a[href*='/step/dispatch/']").press("Enter")
    page.locator("dialog [name=assignee]").press_sequentially("师傅")
    page.locator("dialog [role=option]").first.wait_for()
    page.evaluate(COMPOSING, [{"key": "Enter"}])
    assert page.locator("dialog .pick:visible").count() == 1
    page.keyboard.press("Escape")
    assert (page.locator("dialog .pick:visible").count(), page.locator("dialog[open]").count()) == (0, 1)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert "/step/dispatch/" in page.evaluate("document.activeElement.href")
    watched.context.close()


def pages(page: Page) -> list[str]:
    """The sizes of the pages a print has, as the browser lays them out."""
    return re.findall(r"/MediaBox \[0 0 (\d+)", page.pdf(prefer_css_page_size=True).decode("latin-1"))


def test_on_paper(server: str, browser: Browser) -> None:
    """A work order is a page a copy, also two from a selection; a register lies landscape, and says so when
    it is empty.
    """
    watched = Watched(browser, server, "supervisor", viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = watched.page
    watched.go("/admin/work_order/?state=filed")
    for at in (1, 2):
        page.locator("td input[type=checkbox]").nth(at).check()
    page.locator(".bar button[value=print]").click()
    page.wait_for_url("**/print/?id=*")
    assert page.locator(".paper").count() == 6
    assert pages(page) == ["594"] * 6 or pages(page) == ["595"] * 6
    watched.go("/admin/key_loan/print/?search=没有这样的人")
    assert "无记录" in page.locator(".ruled").inner_text()
    assert pages(page) in (["841"], ["842"])
    watched.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_new_account_and_its_first_sign_in(server: str, browser: Browser, seen: Seen, width: int) -> None:
    """The one-time password is shown once, and leads to a page that asks for one's own; nothing of the form
    is kept in the browser.
    """
    look: Any = {"viewport": {"width": width, "height": WIDTHS[width]}, "locale": "zh-CN"}
    watched = Watched(browser, server, "manager", **look)
    page, name, wrong = watched.page, f"newcomer{width}", []
    watched.go("/admin/user/new/")
    page.fill("[name=full_name]", "新同事")
    page.fill("[name=username]", name)
    page.locator("[name=roles][value=frontdesk]").check(force=True)
    page.locator("[data-save]").click()
    word = page.locator("dd.mono").nth(1).inner_text()
    watched.keep(f"manager-one-time-{width}-zh-light")
    wrong += faults(page, seen, "colours", "rest")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:')).length") == 0
    page.locator("main h1 a").click()
    (
        page.locator(".head details.drop summary").last.click()
        if not page.get_by_text("重置密码").first.is_visible()
        else None
    )
    page.get_by_text("重置密码").first.click()
    wrong += faults(page, seen, "colours", "rest")
    watched.context.close()
    other = Watched(browser, server, "", **look)
    other.go("/login")
    other.page.fill("[name=username]", name)
    other.page.fill("[name=password]", word)
    other.page.keyboard.press("Enter")
    other.page.wait_for_url(re.compile("/password"))
    other.keep(f"newcomer-first-password-{width}-zh-light")
    wrong += faults(other.page, seen, "colours", "rest")
    for box in ("new", "again"):
        other.page.fill(f"[name={box}]", "自己的密码·一二三四")
    other.page.keyboard.press("Enter")
    other.page.wait_for_url(lambda address: "password" not in address)
    expect(other.page.locator("h1")).to_contain_text("新同事")
    other.context.close()
    assert wrong == []
    assert watched.errors + other.errors == []
