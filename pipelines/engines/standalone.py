"""Spark on one machine, as on many: a master and two workers, each a process of its own, on loopback. ``make spark``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.engines.spark import PYTHON
from pipelines.errors import MeridianError

HOST, PORT = "127.0.0.1", 7077
WORKERS, CORES, MEMORY = 2, 1, "2g"
DEPLOY = "org.apache.spark.deploy"
SECONDS = 60.0


@contextmanager
def started(port: int = PORT) -> Iterator[str]:
    """The address of a master with two workers, which end with the block. Raises M104 where they do not come up."""
    if not PYTHON.exists():
        raise MeridianError("M104", reason=".venv-spark: make spark")
    address = f"spark://{HOST}:{port}"
    share = ["--cores", str(CORES), "--memory", MEMORY, "--host", HOST, "--webui-port", "0"]
    with tempfile.TemporaryDirectory(prefix="meridian-spark-") as folder:
        running = [_run(folder, f"{DEPLOY}.master.Master", "--host", HOST, "--port", str(port), "--webui-port", "0")]
        try:
            _wait(running[0], port)
            running += [_run(folder, f"{DEPLOY}.worker.Worker", *share, "--work-dir", folder, address) for _ in range(WORKERS)]
            yield address
        finally:
            for process in reversed(running):
                process.terminate()
            for process in running:
                process.wait(SECONDS)


def _run(folder: str, name: str, *words: str) -> subprocess.Popen[bytes]:
    command = [str(PYTHON.with_name("spark-class")), name, *words]
    environment = os.environ | {"PYSPARK_PYTHON": str(PYTHON), "SPARK_LOCAL_IP": HOST, "PATH": f"{PYTHON.parent}:{os.environ['PATH']}"}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait(master: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and master.poll() is None:
        with socket.socket() as door:
            if door.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.2)
    raise MeridianError("M104", reason=f"{HOST}:{port}")


if __name__ == "__main__":
    with started() as place:
        sys.stdout.write(f"{place}: {WORKERS} workers; Ctrl-C ends them\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
