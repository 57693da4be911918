"""The benchmarks: what the office waits for, timed beside stock Flask-Admin and Django admin in the
same run.
"""
