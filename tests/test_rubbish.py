"""What survives a look through memory is left out of the next one, and is found rubbish a minute later."""

import gc
import os
import re
import subprocess
import sys
import weakref
from pathlib import Path

import psutil
import pytest

from pages.door import rubbish


class Ring:
    """Refers to itself, so that only a look finds it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def spared(monkeypatch):
    rubbish.spare()
    yield monkeypatch
    gc.callbacks.remove(rubbish._around)
    gc.unfreeze()


def test_rubbish_of_a_run_is_found_after_it(spared):
    gc.collect()
    ring = Ring()
    seen = weakref.ref(ring)
    del ring
    gc.collect()
    assert seen() is None


def test_what_became_rubbish_later_is_found_with_the_next_look_at_everything(spared):
    ring = Ring()
    seen = weakref.ref(ring)
    spared.setattr(rubbish, "_last", rubbish.time.monotonic())
    gc.collect()  # it survives, and is spared from now on
    del ring
    gc.collect()
    assert seen() is not None
    spared.setattr(rubbish, "_last", rubbish.time.monotonic() - rubbish.AGAIN - 1)
    gc.collect()
    assert seen() is None


@pytest.mark.skipif(rubbish.TRIM is None, reason="the C library of this machine gives nothing back by itself")
def test_a_look_at_everything_gives_freed_memory_back_to_the_machine(spared):
    held = [bytearray(2000) for _ in range(50_000)]
    kept = held[::50]  # the C library keeps pages between them
    spared.setattr(rubbish, "_last", rubbish.time.monotonic())
    del held
    gc.collect()
    before = psutil.Process().memory_info().rss
    spared.setattr(rubbish, "_last", rubbish.time.monotonic() - rubbish.AGAIN - 1)
    gc.collect()
    assert len(kept) == 1000 and before - psutil.Process().memory_info().rss > 40e6


HEAPS = """
import ctypes, sys, tempfile, threading
from pages.door import rubbish
if sys.argv[1] == "spared":
    rubbish.spare()
together = threading.Barrier(4)
def run():
    held = bytearray(2000)
    together.wait()
threads = [threading.Thread(target=run) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
library = ctypes.CDLL(None)
library.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as told:
    file = ctypes.c_void_p(library.fopen(told.name.encode(), b"w"))
    library.malloc_info(0, file)
    library.fclose(file)
    print(told.read().count(b"<heap nr="))
"""


@pytest.mark.skipif(rubbish.TRIM is None, reason="the C library of this machine has one heap")
@pytest.mark.parametrize(("how", "with_it", "alone"), [("spared", {}, True), ("left", rubbish.ONE_HEAP, True), ("left", {}, False)])
def test_threads_share_one_heap_so_that_memory_does_not_scatter(how, with_it, alone):
    around = {name: word for name, word in os.environ.items() if name not in rubbish.ONE_HEAP} | with_it
    told = subprocess.run([sys.executable, "-c", HEAPS, how], env=around, check=True, capture_output=True, text=True)
    assert (int(told.stdout) == 1) is alone


@pytest.mark.parametrize("place", ["Makefile", "deploy/systemd/meridian-web@.service", "deploy/Containerfile"])
def test_every_way_to_start_a_web_process_gives_it_one_heap(place):
    text = (Path(rubbish.__file__).parents[2] / place).read_text().replace(" = ", "=")
    for name, word in rubbish.ONE_HEAP.items():
        assert re.search(rf"\b{name}={word}$", text, re.M)
