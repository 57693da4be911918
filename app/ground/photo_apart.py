"""Read by ``app.ground.apart`` in a process of its own: a picture made anew as JPEG, without what
the camera wrote beside it, and a small one.
"""

import io
from typing import Any

from app.ground.apart_process import Unread

HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")  # brands after ``ftyp``
FORMATS = ("JPEG", "PNG", "WEBP")
SCANS = 100  # of a progressive JPEG: each is a pass over the whole picture, and cameras write about ten
LONG, SHORT, MOST = (
    2560,
    1080,
    65_000,
)  # pixels of a side: the long one's bound, unless the short one would lose what is written there
THUMB, QUALITY = 320, 86


def is_heif(data: bytes) -> bool:
    """Whether a file says that it is a picture of an iPhone's kind."""
    return data[4:8] == b"ftyp" and data[8:12] in HEIF


def work(data: bytes, pixels: int) -> tuple[bytes, bytes]:
    """The picture as it is kept, and the small one. Raises Unread for too many pixels or scans, or for no
    picture.
    """
    from PIL import Image, ImageOps

    if heif := is_heif(data):
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    elif data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > SCANS:
        raise Unread("scans")
    Image.MAX_IMAGE_PIXELS = None  # our own bound stands below
    picture: Any = Image.open(io.BytesIO(data), formats=("HEIF",) if heif else FORMATS)
    if picture.width * picture.height > pixels:
        raise Unread("pixels")
    size = _fitting(*picture.size)
    picture.draft("RGB", size)  # a JPEG is read smaller at once, as far as it goes
    if picture.mode in ("P", "1"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    picture.thumbnail(size, reducing_gap=None)
    ImageOps.exif_transpose(picture, in_place=True)
    picture = _on_paper(picture)
    large = _jpeg(picture)
    picture.thumbnail((THUMB, THUMB))
    return large, _jpeg(picture)


def _fitting(width: int, height: int) -> tuple[int, int]:
    """How large a picture is kept: a photo by its long side, a strip such as a long screenshot so that one
    can still read it.
    """
    long, short = max(width, height), min(width, height)
    share = min(1.0, max(LONG / long, SHORT / short), MOST / long)
    return max(1, round(width * share)), max(1, round(height * share))


def _on_paper(picture: Any) -> Any:
    """Plain colours: what was transparent is white, as paper is, and many shades of grey are fewer."""
    from PIL import Image

    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda shade: shade / 256).convert("L")
    if "A" in picture.getbands():
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        picture = paper
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _jpeg(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
