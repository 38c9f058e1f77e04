"""A large file is checked in a process of its own: Great Expectations is imported there while the file is still being read here.

The import takes as long as reading a million rows, and its memory goes back with the process. A small file is not worth a process:
its rules run here.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.errors import ROOT

if TYPE_CHECKING:
    from pipelines.check import Checked

LARGE = 16 * 1024**2
"""Bytes from which a file has a process of its own."""

Check = Callable[..., "Checked"]
"""Called as ``pipelines.check.check``."""


@contextmanager
def checker(size: int) -> Iterator[Check]:
    """Who checks a file of so many bytes. Raises CheckerLost when the process ends without an answer."""
    if size < LARGE:
        yield _here
        return
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            yield lambda parquets, **asked: _asked(child, (parquets, asked))
        finally:
            child.kill()


class CheckerLost(RuntimeError):
    """The process that checks ended without an answer: a bug, or the system took its memory. Never a fault of the file."""


def _here(*given: object, **asked: object) -> Checked:
    from pipelines.check import check

    return check(*given, **asked)  # type: ignore[arg-type]


def _asked(child: subprocess.Popen[bytes], question: object) -> Checked:
    answer, said = child.communicate(pickle.dumps(question))
    if child.returncode:
        raise CheckerLost(f"exit code {child.returncode}: {said.decode('utf-8', 'replace')[-2000:]}")
    return pickle.loads(answer)  # noqa: S301 # nosec B301 - from a process of ours, through a pipe that nobody else holds


def _answer() -> None:
    """The child: import first, then wait for the question. Whatever a library prints goes to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    gc.disable()  # an import makes a million objects and no rubbish; looking for some takes a quarter of its time
    from pipelines import check

    check.warm()
    gc.freeze()
    gc.enable()
    parquets, asked = pickle.load(sys.stdin.buffer)  # noqa: S301 # nosec B301 - as above
    with out:
        pickle.dump(check.check(parquets, **asked), out)


if __name__ == "__main__":
    _answer()
    sys.stderr.flush()
    os._exit(0)  # the answer is out; taking a hundred modules apart would only keep it waiting
