"""Whatever is kept of a file is kept without the people in it: some suppliers' exports name them beside what is counted here.

What looks like a person in a table of ours is refused (see ``personal``); here the layout knows where a supplier writes them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.formats import xml

if TYPE_CHECKING:
    from pipelines.receive import Received


def copy(received: Received, folder: Path) -> Received:
    """The file without the elements that name people, written into ``folder``; the file itself where there are none.

    Raises Refused where the file has to be opened for it and cannot be read.
    """
    return xml.without_people(received, folder) if received.kind == "xml" else received
