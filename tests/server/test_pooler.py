"""A pooler that hands out connections by the transaction stands before PostgreSQL: nobody sees an error, and
nothing is left behind.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desks import ORDERS, at_work, work_for
from office import PASSWORD, Estate, counted, kept
from serving import Server, Visitor, free_port
from sqlalchemy import make_url

from app.declare.record import registry
from app.ground.database import db
from app.keep import history_verify, numbers

ON_POSTGRES = [pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def pooler(ground: Any) -> Iterator[str]:
    """pgbouncer with three connections for everybody; the address of the database through it."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None and os.environ.get("REQUIRE_POSTGRES") != "1":
        pytest.skip("no pgbouncer is installed")
    url, port = make_url(ground.url), free_port()
    folder = Path(f"/tmp/pooler-{port}")
    folder.mkdir(mode=0o755)
    (folder / "users").write_text(f'"{url.username}" ""\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={url.host} port={url.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port"
        f" = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {folder}/users\npool_mode ="
        " transaction\ndefault_pool_size = 3\nmax_client_conn = 200\nignore_startup_parameters ="
        " extra_float_digits\n"
    )
    as_other = ["-u", "postgres"] if os.getuid() == 0 else []
    running = subprocess.Popen(
        [str(program), "-q", *as_other, str(folder / "ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _try in range(50):
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    running.terminate()
    running.wait(10)
    shutil.rmtree(folder)


@pytest.mark.load
@pytest.mark.parametrize("ground", ON_POSTGRES, indirect=True)
def test_twelve_people_through_a_pooler(office: Estate, pooler: str, tmp_path: Path) -> None:
    db.session.remove()
    server = Server(tmp_path, pooler, DATABASE_POOLER="1", WORKERS="2").start()
    try:
        people = at_work(server)
        work_for(people, 8)
        manager = Visitor(server).sign_in("manager", PASSWORD)
        pages = ("/", ORDERS, "/search?q=厨房", f"{ORDERS}export/xlsx/", "/profile")
        assert [manager.go(page).status for page in pages] == [200] * len(pages)
        assert [wrong for person in people for wrong in person.wrong] == []
        assert sum(person.again for person in people) == 0, "no process broke down"
        made = [address for person in people for address in person.made]
        assert len(set(made)) == len(made) > 0
        assert "Traceback" not in (tmp_path / "log").read_text()
    finally:
        server.end()
    cls: Any = registry["work_order"]
    assert numbers.missing(cls) == []
    assert list(history_verify.verify([cls])) == []
    assert kept("work_order") == counted("work_order")
    assert server.flask("history", "verify", "work_order").returncode == 0


@pytest.mark.parametrize("ground", ON_POSTGRES, indirect=True)
def test_several_hosts_in_an_address(office: Estate, ground: Any, tmp_path: Path) -> None:
    """The first doesn't answer; the next one is asked."""
    db.session.remove()
    url = make_url(ground.url)
    address = f"postgresql://{url.username}@127.0.0.1:9,{url.host}:{url.port}/{url.database}"
    server = Server(tmp_path, address).start()
    try:
        assert Visitor(server).sign_in("frontdesk", PASSWORD).go(ORDERS).status == 200
        assert server.flask("recount").returncode == 0
    finally:
        server.end()
