"""Streamlit looks through all of memory for rubbish after every run; here most of that memory is what all runs share.

With the knowledge of the product and the answers that are remembered, the look took four fifths of a rerun's processor time. So what has
survived one look is left out of the following ones, and looked at again once a minute: a session that ended is found then.
"""

import gc
import time
from typing import Any

OLDEST = 2
AGAIN = 60.0
"""Seconds between two looks at everything."""
_last = 0.0


def spare() -> None:
    """From now on a look at the oldest generation sees what is new since the last one, and everything once in ``AGAIN`` seconds."""
    if _around not in gc.callbacks:
        gc.callbacks.append(_around)


def _around(phase: str, about: dict[str, Any]) -> None:
    global _last
    if about["generation"] != OLDEST:
        return
    if phase == "stop":
        gc.freeze()
    elif time.monotonic() - _last > AGAIN:
        _last = time.monotonic()
        gc.unfreeze()
