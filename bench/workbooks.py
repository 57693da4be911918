"""Workbooks: the list exported over HTTP, its rows a second and the server's peak of memory, beside
XlsxWriter's own floor.
"""

import io
import json
import subprocess
from pathlib import Path
from urllib.parse import urlencode

from bench import ours
from bench.peers import STOCK, Site
from bench.servers import forget_peak, peak_mb

ENOUGH = 100_000
ROWS_A_SECOND, MB = 40_000, 100


def measure(database: str, site: Site, python: Path, work: Path) -> list[tuple[bool, str]]:
    """Export a tenth of the orders (those in one state), once to warm up as a page is, then all."""
    said = []
    for state in ("finished", ""):
        asked = [("state", state), *(("column", name) for name in ours.EXPORTED)]
        address = f"{ours.PLACE}export/xlsx/?{urlencode(asked)}"
        if state:
            site.client.ask(address)
        forget_peak(site.pid)
        spent, status, body = site.client.ask(address)
        peak, rows = peak_mb(site.pid), _rows(body) if status == 200 else 0
        fine = rows > 0 and rows / spent >= ROWS_A_SECOND and peak <= MB
        said.append(
            (
                fine,
                (
                    f"{database} workbook: {rows:,} rows in {spent:.1f} s, {rows / spent:,.0f} rows/s (≥"
                    f" {ROWS_A_SECOND:,}), {peak} MB (≤ {MB})"
                ),
            )
        )
        print("  " + said[-1][1], flush=True)
    floor = json.loads(
        subprocess.run(
            [str(python), str(STOCK / "floor.py"), str(work / "floor.xlsx"), "100000"],
            check=True,
            capture_output=True,
        ).stdout
    )
    print(
        f"  the floor, XlsxWriter's write_row: {floor['rows_per_s']:,} rows/s, {floor['peak_mb']} MB",
        flush=True,
    )
    return said


def _rows(body: bytes) -> int:
    """How many records stand in a workbook's main sheet."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return max(
        sum(1 for _row in book.get_sheet_by_index(at).iter_rows()) - 1 for at in range(len(book.sheet_names))
    )
