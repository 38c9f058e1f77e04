"""Streamlit looks through all of memory for rubbish after every run; here most of that memory is what all runs share.

With the knowledge of the product and the answers that are remembered, the look took four fifths of a rerun's processor time. So what has
survived one look is left out of the following ones, and looked at again once a minute: a session that ended is found then. What it held
goes back to the machine, as far as the C library knows how: between what is still in use it would keep the pages for itself.

Streamlit makes a thread for each run, and the C library gives threads heaps of their own, up to eight a processor. What runs leave behind
lies scattered over all of them, and memory grows by more than 10 MB an hour though nothing more is held. One heap is enough for threads of
which only one runs at a time. A web process is started with ``ONE_HEAP`` in its environment; one that was started by hand without it has
one from here on, beside the few that Streamlit's threads have opened. What is large gets pages of its own that go back at once.
"""

import ctypes
import gc
import time
from typing import Any

ONE_HEAP = {"MALLOC_ARENA_MAX": "1"}
"""The environment that a web process is started with; the GNU C library reads it before anything else runs."""
OLDEST = 2
AGAIN = 60.0
"""Seconds between two looks at everything."""
_last, _whole = 0.0, False
TRIM, TUNE = (getattr(ctypes.CDLL(None), name, None) for name in ("malloc_trim", "mallopt"))
"""The GNU C library's; others have none, or one that knows no heaps."""
MOST_HEAPS, LARGE = -8, -3
"""The library's numbers for what is tuned (``malloc.h``): ``M_ARENA_MAX`` and ``M_MMAP_THRESHOLD``."""


def spare() -> None:
    """From now on a look at the oldest generation sees what is new since the last one, and everything once in ``AGAIN`` seconds; no thread
    gets a heap of its own any more.
    """
    if TRIM is not None and TUNE is not None:
        TUNE(MOST_HEAPS, 1)
        TUNE(LARGE, 128 * 1024)
    if _around not in gc.callbacks:
        gc.callbacks.append(_around)


def _around(phase: str, about: dict[str, Any]) -> None:
    global _last, _whole
    if about["generation"] != OLDEST:
        return
    if phase == "start" and time.monotonic() - _last > AGAIN:
        _last, _whole = time.monotonic(), True
        gc.unfreeze()
    elif phase == "stop":
        gc.freeze()
        if _whole and TRIM is not None:
            TRIM(0)
        _whole = False
