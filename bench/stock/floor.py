"""The floor of a workbook: XlsxWriter's own ``write_row`` in constant memory, rows from a generator: ``python
floor.py FILE ROWS``.
"""

import json
import re
import sys
import time
from pathlib import Path

import orders
import xlsxwriter


def main(path: str, count: int) -> None:
    """Write fifteen columns of each order, and tell the seconds and the peak of memory."""
    start = time.perf_counter()
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet()
    for at, order in enumerate(orders.orders(count)):
        values = (*order[1:3], orders.unit_code(order[3] - 1), *order[4:15], float(order[17]))
        sheet.write_row(at, 0, values)
    book.close()
    status = Path("/proc/self/status").read_text()  # getrusage would tell the peak of whoever started this
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024
    json.dump({"rows_per_s": round(count / (time.perf_counter() - start)), "peak_mb": peak}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
