"""Files on records: told by their content, never a page of ours, and nobody's by their bare address."""

import hashlib
import html
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from flask import Flask
from flask.testing import FlaskClient
from office import Estate
from PIL import Image
from sending import chinese, send, sentence

from app.ground.database import db
from app.keep import attachments, history

AsUser = Callable[[str], FlaskClient]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EVERYBODY = (
    "manager",
    "supervisor",
    "specialist",
    "specialist2",
    "frontdesk",
    "other_manager",
    "other_specialist",
)
NAMES = (
    "../../etc/passwd.jpg",
    "..\\..\\evil.jpg",
    "'><svg onload=alert(1)>.jpg",
    "=cmd|'/c calc'!A0.jpg",
    "\u202egpj.exe",
    "a%0D%0ASet-Cookie: x=1.jpg",
    "照片 😀.jpg",
    "x" * 400 + ".jpg",
    ".htaccess",
    "con",
)


def photo(width: int = 40) -> bytes:
    """A small photo, with what a camera writes beside it."""
    data = io.BytesIO()
    picture = Image.new("RGB", (width, 30), "red")
    exif = picture.getexif()
    exif[0x010E] = "39.9042 N 116.4074 E"
    picture.save(data, "JPEG", exif=exif)
    return data.getvalue()


def attach(client: FlaskClient, order: Any, *files: tuple[bytes, str]) -> Any:
    """Add files to an order."""
    given = [(io.BytesIO(data), name) for data, name in files]
    return send(client, f"/admin/work_order/attach/?id={order.id}", {"file": given})


def kept(app: Flask) -> list[Path]:
    """All files that are kept."""
    return sorted(
        path for path in Path(app.config["SETTINGS"].data_dir, "attachments").rglob("*") if path.is_file()
    )


@pytest.fixture
def order(office: Estate) -> Any:
    """An order of building 1."""
    return office.order()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00\x03" + b"\0" * 300, "photo.jpg"),
        (SVG, "photo.svg"),
        (SVG, "photo.jpg"),
        (b"<html><script>alert(1)</script></html>", "a.pdf"),
        (b"", "leer.jpg"),
        (b"%PDF-1.4 without an end", "a.pdf"),
        (b"\xff\xd8\xff\xe0broken", "a.jpg"),
        (b"GIF89a" + b"\0" * 50, "a.gif"),
        (photo()[:200], "half.jpg"),
        (b"PK\x03\x04zip", "a.jpg"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(
    app: Flask, as_user: AsUser, order: Any, data: bytes, name: str
) -> None:
    """It alone: the good one sent with it is kept."""
    client, before = as_user("specialist"), kept(app)
    answer = attach(client, order, (photo(41), "good.jpg"), (data, name))
    said = sentence_about_files(client.get(answer.location).text)
    assert said.startswith("已添加 1 个文件。")
    assert name in said
    assert chinese(said)
    db.session.rollback()
    assert [file.name for file in attachments.of(order)] == ["good.jpg"]
    assert [line.act for line in history.lines("work_order", order.id)] == ["create", "attach"]
    assert not [path for path in kept(app) if path not in before and data in path.read_bytes() and data]


def sentence_about_files(page: str) -> str:
    """What a record's page says after files were sent."""
    return html.unescape(page[page.index('class="said') :].split("</", 1)[0].split(">", 1)[1])


def picture_kept(client: FlaskClient, order: Any) -> Image.Image:
    """The last picture of an order, as it is shown."""
    db.session.rollback()
    file = attachments.of(order)[-1]
    return Image.open(io.BytesIO(client.get(f"/admin/work_order/file/?id={order.id}&file={file.id}").data))


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    """A picture as a file."""
    data = io.BytesIO()
    picture.save(data, kind, **how)
    return data.getvalue()


@pytest.mark.parametrize(
    ("size", "least"),
    [((1080, 20_000), (1080, 20_000)), ((20_000, 900), (20_000, 900)), ((4000, 3000), (2560, 1920))],
)
def test_a_long_screenshot_can_still_be_read(
    as_user: AsUser, order: Any, size: tuple[int, int], least: tuple[int, int]
) -> None:
    client = as_user("specialist")
    attach(client, order, (saved(Image.new("RGB", size, "white"), "PNG"), "群聊截图.png"))
    picture = picture_kept(client, order)
    assert picture.width >= least[0]
    assert picture.height >= least[1]


def test_a_picture_without_a_ground_is_on_white_paper(as_user: AsUser, order: Any) -> None:
    client = as_user("specialist")
    attach(client, order, (saved(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG"), "a.png"))
    assert picture_kept(client, order).convert("L").getextrema() == (255, 255)
    attach(client, order, (saved(Image.new("I;16", (61, 60), 40_000), "PNG"), "b.png"))
    assert picture_kept(client, order).convert("L").getextrema() == (156, 156), (
        "many shades of grey stay grey"
    )


def test_a_picture_of_an_iphone_becomes_a_jpeg(as_user: AsUser, order: Any) -> None:
    """One that is broken is told with how to make a JPEG of it; the good one beside it is kept."""
    heif = pillow_heif.from_pillow(Image.effect_noise((640, 480), 40).convert("RGB"))
    data = io.BytesIO()
    heif.save(data, quality=60)
    client = as_user("specialist")
    answer = attach(
        client, order, (data.getvalue(), "IMG_0001.HEIC"), (data.getvalue()[:3000], "IMG_0002.HEIC")
    )
    picture = picture_kept(client, order)
    assert (picture.format, picture.size) == ("JPEG", (640, 480))
    said = sentence_about_files(client.get(answer.location).text)
    assert said.startswith("已添加 1 个文件。")
    assert "IMG_0002.HEIC" in said
    assert "JPEG" in said
    assert "兼容性最佳" in said


def in_many_passes(count: int) -> bytes:
    """A progressive JPEG whose last pass comes again and again: each costs the reader a walk over the whole
    picture.
    """
    data = saved(Image.linear_gradient("L").resize((6000, 6000)), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def test_a_picture_that_takes_too_long_is_refused(
    as_user: AsUser, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user("specialist")
    answer = attach(client, order, (in_many_passes(200), "scans.jpg"))
    assert "scans.jpg" in sentence_about_files(client.get(answer.location).text)
    monkeypatch.setattr("app.ground.apart.SECONDS", 1)
    monkeypatch.setattr("app.ground.apart.PATIENCE", 0.3)
    answer = attach(client, order, (in_many_passes(90), "slow.jpg"))
    said = sentence_about_files(client.get(answer.location).text)
    assert "slow.jpg" in said
    assert chinese(said)
    db.session.rollback()
    assert attachments.of(order) == []


def test_fifty_megabytes_are_refused_with_a_sentence(as_user: AsUser, order: Any) -> None:
    client = as_user("specialist")
    answer = attach(client, order, (b"\xff\xd8\xff" + b"x" * 50_000_000, "huge.jpg"))
    assert answer.status_code == 413
    assert "20 MB" in sentence(answer.text)
    assert chinese(sentence(answer.text))
    answer = attach(client, order, (b"\xff\xd8\xff" + b"x" * 11_000_000, "large.jpg"))
    assert answer.status_code == 302
    assert "10 MB" in client.get(answer.location).text
    db.session.rollback()
    assert attachments.of(order) == []


def test_a_bomb_of_pixels_is_refused(as_user: AsUser, order: Any) -> None:
    data = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(data, "PNG")
    client = as_user("specialist")
    attach(client, order, (data.getvalue(), "bomb.png"))
    db.session.rollback()
    assert attachments.of(order) == []


def test_a_photo_with_a_page_hidden_in_it_comes_out_a_photo(app: Flask, as_user: AsUser, order: Any) -> None:
    """Made anew: neither the script behind its end nor where the camera stood is kept."""
    client = as_user("specialist")
    attach(client, order, (photo() + b"<script>alert(1)</script>", "poly.jpg"))
    db.session.rollback()
    (file,) = attachments.of(order)
    answer = client.get(f"/admin/work_order/file/?id={order.id}&file={file.id}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert b"<script" not in answer.data
    assert b"116.4074" not in answer.data
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    pdf = b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF\n"
    attach(client, order, (pdf, "brief.pdf"))
    db.session.rollback()
    answer = client.get(f"/admin/work_order/file/?id={order.id}&file={attachments.of(order)[1].id}")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_names_do_nothing_anywhere(as_user: AsUser, order: Any) -> None:
    """On the record, in the history, in the answer's heads."""
    client = as_user("specialist")
    for at, name in enumerate(NAMES):
        attach(client, order, (photo(50 + at), name))
    db.session.rollback()
    files = attachments.of(order)
    assert len(files) == len(NAMES), [file.name for file in files]
    for view in ("details", "print"):
        page = client.get(f"/admin/work_order/{view}/?id={order.id}")
        assert page.status_code == 200
        assert "<svg onload" not in page.text
    for file in files:
        assert file.name.isprintable()
        assert not set(file.name) & {"/", "\\", "\u202e"}
        assert len(file.name) <= 120
        answer = client.get(f"/admin/work_order/file/?id={order.id}&file={file.id}")
        assert answer.status_code == 200
        assert "Set-Cookie: x" not in str(answer.headers)


def test_a_file_is_served_to_whoever_reads_its_record_and_to_nobody_else(
    app: Flask, as_user: AsUser, client: FlaskClient, office: Estate, order: Any
) -> None:
    """By its record, by another record's address, by its hash, as everybody and as nobody; also after the
    record moved to another building.
    """
    attach(as_user("specialist"), order, (photo(), "a.jpg"))
    db.session.rollback()
    theirs = office.order(unit=office["2-1-201"])
    (file,) = attachments.of(order)
    hashed = hashlib.sha256(kept(app)[0].read_bytes()).hexdigest()
    bare = [
        f"/{file.sha256}",
        f"/attachments/{file.sha256[:2]}/{file.sha256}",
        f"/static/{file.sha256}",
        f"/static/../data/attachments/{file.sha256[:2]}/{file.sha256}",
    ]
    bare += [
        f"/admin/work_order/file/?id={order.id}&file={key}"
        for key in (file.sha256, hashed, "0", "-1", "999999")
    ]
    bare += [f"/admin/{form}/file/?id={order.id}&file={file.id}" for form in ("complaint", "key", "nothing")]
    bare += [
        f"/admin/work_order/file/?id={theirs.id}&file={file.id}",
        f"/admin/work_order/file/?file={file.id}",
    ]
    own = f"/admin/work_order/file/?id={order.id}&file={file.id}"
    people = {name: as_user(name) for name in EVERYBODY}

    def opened(address: str) -> set[str]:
        return {name for name, browser in people.items() if browser.get(address).status_code == 200}

    assert opened(own) == opened(own + "&size=thumb") == {"manager", "supervisor", "specialist", "frontdesk"}
    for address in bare:
        assert opened(address) == set(), address
    for address in (own, *bare):
        assert client.get(address).status_code in (302, 404), address
    office.edit(order, "supervisor", unit=office["2-1-201"])
    assert opened(own) == {"manager", "supervisor", "specialist2", "frontdesk"}
    assert (
        send(people["supervisor"], f"/admin/work_order/detach/?id={order.id}&file={file.id}", {}).status_code
        == 302
    )
    assert opened(own) == set(), "nor one that was taken away"
    db.session.rollback()
    assert [line.act for line in history.lines("work_order", order.id)][-1] == "detach"


def test_more_than_a_record_holds(app: Flask, as_user: AsUser, order: Any) -> None:
    client, most = as_user("specialist"), app.config["SETTINGS"].photos_per_record
    for at in range(most + 1):
        answer = attach(client, order, (photo(50 + at), f"{at}.jpg"))
    assert str(most) in client.get(answer.location).text
    db.session.rollback()
    assert len(attachments.of(order)) == most


def test_evidence_stays_once_a_record_is_closed(office: Estate, as_user: AsUser) -> None:
    """What was finished, filed, closed or voided keeps its photos; by the button and by the address."""
    done = {"outcome": "repaired", "cause": "老化", "work_done": "换管", "customer_signed": "1"}
    people = {name: as_user(name) for name in ("manager", "supervisor", "specialist", "frontdesk")}
    finished, voided, open_one = (office.order(reporter=name) for name in ("甲", "乙", "丙"))
    for record in (finished, voided, open_one):
        attach(people["specialist"], record, (photo(), "a.jpg"))
    office.step(finished, "dispatch", "specialist", assignee=office["colleague"])
    office.step(finished, "start", "specialist")
    office.step(finished, "finish", "specialist", **done)
    office.step(voided, "void", "manager", void_reason="重复")
    for record in (finished, voided):
        (file,) = attachments.of(record)
        for name, client in people.items():
            assert "/detach/" not in client.get(f"/admin/work_order/details/?id={record.id}").text, name
            answer = send(client, f"/admin/work_order/detach/?id={record.id}&file={file.id}", {})
            assert (answer.status_code, chinese(sentence(answer.text))) == (403, True), name
        db.session.rollback()
        assert [file.id for file in attachments.of(record)] == [file.id]
    (file,) = attachments.of(open_one)
    for name, client in people.items():
        may = name in ("supervisor", "specialist")
        assert ("/detach/" in client.get(f"/admin/work_order/details/?id={open_one.id}").text) is may, name
    assert (
        send(
            people["frontdesk"], f"/admin/work_order/detach/?id={open_one.id}&file={file.id}", {}
        ).status_code
        == 403
    )
    assert (
        send(
            people["specialist"], f"/admin/work_order/detach/?id={open_one.id}&file={file.id}", {}
        ).status_code
        == 302
    )


def test_the_history_says_which_file_came_and_went(as_user: AsUser, order: Any) -> None:
    client = as_user("specialist")
    attach(client, order, (photo(), "水表.jpg"))
    db.session.rollback()
    (file,) = attachments.of(order)
    came = history.lines("work_order", order.id)[-1]
    assert came.changes[f"file:{file.id}"][1]["sha256"] == file.sha256
    send(client, f"/admin/work_order/detach/?id={order.id}&file={file.id}", {})
    db.session.rollback()
    went = history.lines("work_order", order.id)[-1]
    assert (went.act, went.changes[f"file:{file.id}"][0]["name"], went.changes[f"file:{file.id}"][1]) == (
        "detach",
        "水表.jpg",
        None,
    )
    page = client.get(f"/admin/work_order/details/?id={order.id}").text
    assert page.count("水表.jpg") == 2
