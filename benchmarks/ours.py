"""The whole path in one process started for it: receive, read, tidy, check, accept, publish and measure, into an empty store.

python -m benchmarks.ours FILE.csv FOLDER
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from itertools import pairwise
from pathlib import Path

from pipelines.path import Choices, accept, drafts
from pipelines.publish import publish
from pipelines.store import Store


def main(file: Path, folder: Path) -> None:
    """Leaves the store in ``folder/store`` and the seconds of each part in ``folder/seconds.json``."""
    shutil.rmtree(folder / "store", ignore_errors=True)
    store, laps = Store(folder / "store"), [time.perf_counter()]
    with drafts([file], Choices(institution="bench", home="TUR")) as (made,):
        laps.append(time.perf_counter())
        accept(store, made, by="benchmark", note="made data")  # raises where an error was found
        laps.append(time.perf_counter())
    done = publish(store, by="benchmark")
    laps.append(time.perf_counter())
    parts = dict(zip(("read, tidy, check", "accept", "publish"), (b - a for a, b in pairwise(laps)), strict=True))
    (folder / "seconds.json").write_text(json.dumps(parts | done.seconds), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
