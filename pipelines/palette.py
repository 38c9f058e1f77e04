"""Colours by role, the only place that names them for charts.

The UK Government Analysis Function's palette: 3:1 against neighbours, at most a few groups, and never colour alone.
"""

ROLE = {
    "first": "#12436D",
    "second": "#28A197",
    "third": "#801650",
    "fourth": "#F46A25",
    "fifth": "#A285D1",
    "rest": "#B4BDC6",
    "goal": "#3D3D3D",
    "reported": "#12436D",
    "muted": "#8A96A3",
    "projection": "#6B4FA0",
    "good": "#D3E8DA",
    "warning": "#F9E3BF",
    "bad": "#F3CFCB",
    "neutral": "#E4E8EC",
}
"""Series in order, and the roles that are not a series."""

ON = {"first": "#FFFFFF", "second": "#000000", "third": "#FFFFFF", "fourth": "#000000", "fifth": "#000000", "rest": "#000000"}
"""Text on a surface of the role, at 4.5:1 or better."""

TINTS = ("#EEF3F8", "#D6E2ED", "#BED1E2", "#A3BED6", "#86A9C8", "#6892B8", "#4C7BA6", "#336592", "#20527E", "#12436D")
SHADE, FAINT = "rgba(107,79,160,0.13)", "rgba(138,150,163,0.14)"
"""Surfaces behind lines: the range of a projection, years that are marked."""
TEXT, QUIET, LINE, PAPER = "#1B2430", "#55616E", "#D8DFE6", "#FFFFFF"
FONT = "Noto Sans, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"


def tint(share: float) -> tuple[str, str]:
    """Background and text colour for a share of the largest value, 0–1."""
    step = min(int(max(share, 0.0) * len(TINTS)), len(TINTS) - 1)
    return TINTS[step], "#FFFFFF" if step >= 6 else TEXT
