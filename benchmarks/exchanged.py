"""An answer of Erasmus Without Paper with 2,000 agreements, read and tidied: ``python -m benchmarks.exchanged FOLDER RESULT``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median

from pipelines.read import read
from pipelines.receive import receive
from pipelines.tidy import Handed, tidy
from pipelines.tidying.headers import recognise

COUNT, TIMES = 2_000, 5
SPEC = """<student-studies-mobility-spec><sending-hei-id>{one}</sending-hei-id><receiving-hei-id>{other}</receiving-hei-id>
<receiving-first-academic-year-id>2023/2024</receiving-first-academic-year-id>
<receiving-last-academic-year-id>2028/2029</receiving-last-academic-year-id><mobilities-per-year>2</mobilities-per-year>
<recommended-language-skill><language>en</language><cefr-level>B2</cefr-level></recommended-language-skill>
<subject-area><isced-f-code>0314</isced-f-code></subject-area><total-months-per-year>10</total-months-per-year><blended>false</blended>
<eqf-level>6</eqf-level></student-studies-mobility-spec>"""


def agreements(folder: Path) -> Path:
    """The file: each agreement with places both ways."""
    both = SPEC.format(one="igdir.edu.tr", other="uw.edu.pl") + SPEC.format(one="uw.edu.pl", other="igdir.edu.tr")
    each = "".join(
        f"<iia><partner><hei-id>igdir.edu.tr</hei-id><iia-id>{n}</iia-id><iia-code>IIA-{n}</iia-code></partner>"
        f"<partner><hei-id>uw.edu.pl</hei-id></partner><in-effect>true</in-effect>"
        f"<cooperation-conditions>{both}</cooperation-conditions><iia-hash>00</iia-hash></iia>\n"
        for n in range(COUNT)
    )
    space = "https://github.com/erasmus-without-paper/ewp-specs-api-iias/blob/stable-v7/endpoints/get-response.xsd"
    path = folder / "iias.xml"
    path.write_text(f'<iias-get-response xmlns="{space}">\n{each}</iias-get-response>\n', encoding="utf-8")
    return path


def main(folder: Path, result: Path) -> None:
    """Measures, after one turn that warms, and makes sure that every agreement was read."""
    file, turns = agreements(folder), []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        sheets = read(receive(file))
        made = tidy(sheets, recognise(sheets, file.name), Handed(file.name))
        turns.append(time.perf_counter() - start)
        assert made.tables["agreements"].num_rows == COUNT
    result.write_text(json.dumps({"seconds": median(turns[1:])}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
