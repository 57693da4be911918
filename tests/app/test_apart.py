"""Files are read apart: whatever one does to its reader, the application goes on, and says why it wasn't
read.
"""

import resource
import threading
import time
from collections.abc import Iterator

import pytest

from app.ground import apart

READER = "hostile_reader"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is soon at its end."""
    monkeypatch.setattr(apart, "SECONDS", 1)
    monkeypatch.setattr(apart, "PATIENCE", 4)


def test_what_it_reads_comes_back() -> None:
    assert apart.read(READER, b"abc" * 100_000, how="") == b"cba" * 100_000


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("fill", apart.SPACE),
        ("abort", apart.SPACE),
        ("compute", apart.TIME),
        ("sleep", apart.TIME),
        ("leave", apart.BROKEN),
        ("fault", apart.BROKEN),
        ("refuse", "long"),
    ],
)
def test_what_it_does_to_its_reader_it_does_to_nobody_else(how: str, why: str) -> None:
    began, memory = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(apart.Refused) as caught:
        apart.read(READER, b"x", how=how)
    assert caught.value.why == why
    assert time.monotonic() - began < 12
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 20_000
    assert apart.read(READER, b"ab", how="") == b"ba", "the next one's turn"


def test_a_reader_has_neither_the_keys_nor_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    modules, names = apart.read(READER, b"", how="look")
    assert "SECRET_KEY" not in names
    assert not {
        "flask",
        "sqlalchemy",
        "app.ground.database",
        "app.ground.language",
        "PIL.Image",
        "python_calamine",
    } & set(modules), "it starts in a moment"


@pytest.fixture
def crowd() -> Iterator[list[str]]:
    """As many as may wait at once, whose files take long; what each was told."""
    told: list[str] = []

    def reader() -> None:
        try:
            apart.read(READER, b"", how="sleep")
        except apart.Refused as refused:
            told.append(refused.why)

    threads = [threading.Thread(target=reader) for _at in range(apart.AT_ONCE + apart.WAITING)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    yield told
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("hasty")
def test_so_many_wait_for_their_turn_and_nobody_for_ever(crowd: list[str]) -> None:
    began = time.monotonic()
    with pytest.raises(apart.Refused) as caught:
        apart.read(READER, b"", how="")
    assert (caught.value.why, time.monotonic() - began < 0.5) == (apart.BUSY, True)
    time.sleep(apart.PATIENCE + 1)
    assert apart.BUSY in crowd, "whose turn didn't come in time is told so"
