"""Answers of Erasmus Without Paper, written as its example files are: agreements of versions 6 and 7, mobilities, institutions."""

from __future__ import annotations

from pathlib import Path

SPACE = "https://github.com/erasmus-without-paper/ewp-specs-api-iias/blob/stable-v7/endpoints/get-response.xsd"
CONTACT = "<c:contact xmlns:c='urn:contact'><c:contact-name>Ayşe Örnek</c:contact-name><c:email>ayse@example.com</c:email></c:contact>"


def spec(
    sender: str = "igdir.edu.tr", receiver: str = "uw.edu.pl", *, kind: str = "student-studies", years: tuple[str, ...] = ("2023/2024", "2028/2029"),
    places: str | None = "2", months: str | None = "10", more: str = "", version: int = 7, unit: str = "",
) -> str:  # fmt: skip
    """One condition; version 7 takes the first and last of ``years``, version 6 lists them all."""
    if version == 6:
        said = "".join(f"<receiving-academic-year-id>{year}</receiving-academic-year-id>" for year in years)
    else:
        said = f"<receiving-first-academic-year-id>{years[0]}</receiving-first-academic-year-id>"
        said += f"<receiving-last-academic-year-id>{years[-1]}</receiving-last-academic-year-id>"
    units = f"<sending-ounit-id>{unit}</sending-ounit-id>" if unit else ""
    counted = f"<mobilities-per-year>{places}</mobilities-per-year>" if places is not None else ""
    stay = f"<total-months-per-year>{months}</total-months-per-year>" if months else ""
    return (
        f"<{kind}-mobility-spec><sending-hei-id>{sender}</sending-hei-id>{units}<receiving-hei-id>{receiver}</receiving-hei-id>"
        f"{said}{counted}{more}{stay}<blended>false</blended></{kind}-mobility-spec>\n"
    )


def iia(
    *specs: str, local: str = "igdir.edu.tr", partner: str = "uw.edu.pl", number: str = "1", code: str | None = "IIA-1",
    in_effect: str | None = "true", terminated: bool = False,
) -> str:  # fmt: skip
    """One agreement, its contacts included."""
    named = f"<iia-code>{code}</iia-code>" if code else ""
    effect = f"<in-effect>{in_effect}</in-effect>" if in_effect else ""
    whole = ' terminated-as-a-whole="true"' if terminated else ""
    return (
        f"<iia>\n<partner><hei-id>{local}</hei-id><iia-id>{number}</iia-id>{named}{CONTACT}</partner>\n"
        f"<partner><hei-id>{partner}</hei-id></partner>\n{effect}<cooperation-conditions{whole}>\n{''.join(specs)}</cooperation-conditions>\n"
        "<iia-hash>00</iia-hash></iia>\n"
    )


def answer(*agreements: str, version: int = 7) -> str:
    """A whole get-response."""
    return f'<iias-get-response xmlns="{SPACE.replace("v7", f"v{version}")}">\n{"".join(agreements)}</iias-get-response>\n'


def mobility(
    number: str = "m1", *, sender: str = "igdir.edu.tr", receiver: str = "uw.edu.pl", status: str = "live", year: str = "2023/2024", field: str = "0314"
) -> str:  # fmt: skip
    """One student's mobility with everything the interface says of the student."""
    return (
        f"<student-mobility><omobility-id>{number}</omobility-id><sending-hei><hei-id>{sender}</hei-id></sending-hei>"
        f"<receiving-hei><hei-id>{receiver}</hei-id></receiving-hei><receiving-academic-year-id>{year}</receiving-academic-year-id>"
        "<student>\n<given-names>Deniz</given-names><family-name>Denemeci</family-name><global-id>urn:esi:123456</global-id>"
        "<birth-date>2001-02-03</birth-date><citizenship>TR</citizenship><gender>2</gender><email>deniz@example.com</email>\n</student>"
        f"<status>{status}</status><activity-type>student-studies</activity-type><activity-attributes>long-term</activity-attributes>"
        "<planned-arrival-date>2024-02-01</planned-arrival-date><planned-departure-date>2024-06-20</planned-departure-date>"
        f"<eqf-level-studied-at-departure>6</eqf-level-studied-at-departure><nominee-isced-f-code>{field}</nominee-isced-f-code></student-mobility>\n"
    )


def mobilities(*each: str) -> str:
    """A whole get-response of outgoing mobilities."""
    return f"<omobilities-get-response>\n{''.join(each)}</omobilities-get-response>\n"


def written(folder: Path, text: str | bytes, name: str = "answer.xml") -> Path:
    """The answer as a file."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
