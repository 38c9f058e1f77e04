"""Where partitions lie: a folder that every worker sees, or object storage (``s3://``, ``gs://``, ``abfs://``).

Object storage is reached through Arrow's own clients, which are in the product's environment and in Spark's; keys, region and
``AWS_ENDPOINT_URL`` are read from the environment of each machine, never from an address.
"""

from __future__ import annotations

import re

import fsspec
from fsspec import AbstractFileSystem
from fsspec.implementations.arrow import ArrowFSWrapper
from pyarrow.fs import FileSystem

REMOTE = re.compile(r"(?!file:)\w+://")


def remote(root: str) -> bool:
    """Whether a root is an address and no folder."""
    return bool(REMOTE.match(root))


def at(root: str) -> tuple[AbstractFileSystem, str]:
    """The file system of a root, and its path there. Raises OSError, ValueError where there is none."""
    if remote(root):
        files, path = FileSystem.from_uri(root)
        return ArrowFSWrapper(files), path
    return fsspec.core.url_to_fs(root)
