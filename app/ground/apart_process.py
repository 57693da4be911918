"""The process in which ``app.ground.apart`` has a file read: it limits itself, then reads. The standard
library and the reader's package alone.
"""

import marshal
import os
import sys
from importlib import import_module

MEGABYTE = 1024 * 1024


class Unread(Exception):
    """Why a file isn't read: a word for ``app.ground.apart.Refused``."""


def main() -> None:
    """Read the question from the standard input, write the answer to the standard output."""
    reader, memory, seconds, given = marshal.load(sys.stdin.buffer)  # noqa: S302 (it comes from the application)
    limit(memory, seconds)
    try:
        said, made = "read", import_module(reader).work(sys.stdin.buffer.read(), **given)
    except Unread as unread:
        said, made = str(unread), None
    except MemoryError:
        said, made = "space", None
    except BaseException:  # readers are native, and raise many kinds on spoilt files
        said, made = "broken", None
    answer = marshal.dumps((said, made))
    sys.stdout.buffer.write(answer)


def limit(memory: int, seconds: int) -> None:
    """Bound this process by memory (MB) and the processor's time, as far as the system knows such limits;
    others' work goes first.
    """
    try:
        import resource
    except ImportError:  # Windows; the one who asks waits only so long
        return
    os.nice(5)
    bounds = {"RLIMIT_AS": memory * MEGABYTE, "RLIMIT_CPU": seconds, "RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0}
    for name, most in bounds.items():
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (ValueError, OSError):  # macOS takes no limit of memory below what it has mapped already
            continue
