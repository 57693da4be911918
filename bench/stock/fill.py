"""Fills a database for the stock tools: ``python fill.py URL ROWS``."""

import sys

import table

table.fill(sys.argv[1], int(sys.argv[2]))
