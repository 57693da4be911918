"""A reader's process that reads one file after the other under the limits of ``app.ground.apart``, for tests
that have hundreds read: forked once, and again where a file ended it, which then counts as it does there.
"""

import re
import resource
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.ground import apart
from app.ground.apart_process import MEGABYTE, Unread

_fork = get_context("fork")


class ForkedReader:
    """Stands in for ``apart.read``."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Fork the process."""
        self.pipe, there = _fork.Pipe()
        self.process = _fork.Process(target=_serve, args=(there,), daemon=True)
        self.process.start()
        there.close()

    def read(self, reader: str, data: bytes, **given: Any) -> Any:
        """What a reader makes of a file's bytes. Raises Refused as ``apart.read`` does."""
        self.pipe.send((reader, data, given))
        try:
            if not self.pipe.poll(apart.PATIENCE):
                raise EOFError
            said, answer = self.pipe.recv()
        except EOFError:
            self.end()
            self.begin()
            raise apart.Refused(apart.SPACE) from None
        if said != "read":
            raise apart.Refused(said)
        return answer

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection) -> None:
    mapped = (
        int((re.search(r"VmSize:\s+(\d+)", Path("/proc/self/status").read_text()) or ["", "0"])[1]) // 1024
    )
    resource.setrlimit(resource.RLIMIT_AS, ((mapped + apart.MEMORY) * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        reader, data, given = pipe.recv()
        try:
            answer = "read", import_module(reader).work(data, **given)
        except Unread as unread:
            answer = str(unread), None
        except MemoryError:
            answer = apart.SPACE, None
        except BaseException:
            answer = apart.BROKEN, None
        pipe.send(answer)
