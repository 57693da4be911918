"""The engine: turns declarations of forms into screens' data, numbers, steps, history, search, sheets and
prints.

It knows nothing of any trade: what an office's forms are is declared in ``models``.
"""
