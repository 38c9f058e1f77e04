"""Streamlit looks through all of memory for rubbish after every run; here most of that memory is what all runs share.

With the knowledge of the product and the answers that are remembered, the look took four fifths of a rerun's processor time. So what has
survived one look is left out of the following ones, and looked at again once a minute: a session that ended is found then. What it held
goes back to the machine, as far as the C library knows how: between what is still in use it would keep the pages for itself.
"""

import ctypes
import gc
import time
from typing import Any

OLDEST = 2
AGAIN = 60.0
"""Seconds between two looks at everything."""
_last, _whole = 0.0, False
TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""The GNU C library's; others have none."""


def spare() -> None:
    """From now on a look at the oldest generation sees what is new since the last one, and everything once in ``AGAIN`` seconds."""
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
