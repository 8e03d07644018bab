"""Why the program cannot start, told to whoever operates it."""

from __future__ import annotations


class CannotStart(Exception):
    """Its text is Chinese, whole sentences, and says what to mend; it is printed without a traceback."""
