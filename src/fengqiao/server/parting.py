"""A child that goes when its parent goes, however the parent went."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def goes_with_parent(farewell: signal.Signals) -> Callable[[], None] | None:
    """What `Popen(preexec_fn=…)` runs so that the kernel sends `farewell` at the parent's death.

    Popen runs it after the change of user, which would wipe the request. Linux only: elsewhere there is no
    such request, and None comes back. The kernel means the parent *thread*: start children from one that
    lives as long as they shall.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
        # The parent may have died between the fork and the line above.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask
