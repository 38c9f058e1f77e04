"""Archives whose bytes depend on their contents alone: a fixed date, a fixed order, fixed rights."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

BEGINNING = (2020, 1, 1, 0, 0, 0)


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Name and content of each file as a zip, in the order given."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, BEGINNING)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return whole.getvalue()


def still(archive: bytes) -> bytes:
    """An archive with the same files in the same order, without the moment at which it was made."""
    with zipfile.ZipFile(io.BytesIO(archive)) as made:
        return packed((name, made.read(name)) for name in made.namelist())
