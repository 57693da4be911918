"""Servers and databases that live as long as a measurement: started on a free port, ended by their
process.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(
    command: Sequence[str], environment: Mapping[str, str], port: int, folder: Path, log: Path
) -> Iterator[int]:
    """A server until the block ends; its process id. Raises RuntimeError where it doesn't come up."""
    with log.open("a") as out:
        server = subprocess.Popen(command, env=dict(environment), cwd=folder, stdout=out, stderr=out)
    try:
        for _try in range(1200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if server.poll() is not None:
                raise RuntimeError(f"{command[0]} ended; see {log}")
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{command[0]} doesn't come up; see {log}")
        yield server.pid
    finally:
        everybody = family(server.pid)
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(15)
        for pid in everybody:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.wait()


def family(pid: int) -> list[int]:
    """A process and all below it."""
    children = [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and _parent(process) == pid
    ]
    return [pid, *(below for child in children for below in family(child))]


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def forget_peak(pid: int) -> None:
    """Let the peaks of memory start from here."""
    for process in family(pid):
        Path(f"/proc/{process}/clear_refs").write_text("5")


def peak_mb(pid: int) -> int:
    """MB of the largest process of a server at its peak."""
    peaks = [
        re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text()) for process in family(pid)
    ]
    return round(max(int(peak[1]) for peak in peaks if peak) / 1024)


@contextlib.contextmanager
def postgres(work: Path) -> Iterator[str]:
    """A cluster with PostgreSQL's default settings; the address of its server, without a database."""
    home, binaries = work / "postgres", sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    as_it = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def run(name: str, *arguments: str) -> None:
        subprocess.run(
            [*as_it, str(binaries / name), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )

    if not home.exists():
        home.mkdir(parents=True)
        if as_it:
            subprocess.run(["chown", "postgres", str(home)], check=True)
        run("initdb", "-D", str(home), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8")
    port = free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    run("pg_ctl", "-D", str(home), "-w", "-l", str(home / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", str(home), "-m", "fast", "-w", "stop")
