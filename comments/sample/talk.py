"""
The files of the sample comments. A line that begins with `@` is the head of a comment, what follows are its words:

    @ Rosa Martin | 2h | 7
    Nobody in the shop has asked me yet.
    @@ Nora Veldt | 20m | 3 | author
    We have.

As many `@` as it lies deep; then who, how long after the article (or after the comment that it answers), how many
recommended it, and what else is true of it: `author` for one of the paper's own people, or a fate out of `FATES`. Below
`on SLUG` it stands under that article, and its time counts back from now. `#` begins a remark.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "threads"
FATES = ("waits", "spam", "withdrawn", "hidden", "edited", "reported")
HEAD = re.compile(r"(@+) ")
SPAN = re.compile(r"(\d+)([dhm])")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class BadSampleFile(Exception):
    """Says which file, and what is wrong in it."""


@dataclass
class Said:
    slug: str
    name: str
    after: dt.timedelta
    recommends: int
    is_of_the_paper: bool
    fate: str
    counts_back: bool
    parent: "Said | None"
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "\n".join(self.lines).strip()


def everything() -> list[Said]:
    """Whoever is answered stands before whoever answers. Raises BadSampleFile."""
    return [said for file in sorted(FOLDER.glob("*.txt")) for said in _read(file)]


def _read(file: Path) -> list[Said]:
    said: list[Said] = []
    open_threads: list[Said] = []
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        if head := HEAD.match(line):
            depth = len(head[1]) - 1
            try:
                if depth > len(open_threads):
                    raise ValueError("it answers nobody")
                del open_threads[depth:]
                said.append(_head(line[head.end() :], file.stem, open_threads[-1] if open_threads else None))
            except ValueError as error:
                raise BadSampleFile(f"{file.name}, line {number}: {error}") from error
            open_threads.append(said[-1])
        elif said:
            said[-1].lines.append(line)
        elif line and not line.startswith("#"):
            raise BadSampleFile(f"{file.name}, line {number}: words before the first head")
    return said


def _head(line: str, slug: str, parent: Said | None) -> Said:
    name, after, recommends, *marks = (part.strip() for part in line.split("|"))
    elsewhere = [mark.removeprefix("on ") for mark in marks if mark.startswith("on ")]
    fates = [mark for mark in marks if mark in FATES]
    if unknown := [mark for mark in marks if mark not in (*FATES, "author") and not mark.startswith("on ")]:
        raise ValueError(f"nobody knows the mark {unknown[0]!r}")
    if not SPAN.fullmatch(after):
        raise ValueError(f"{after!r} is no span of time such as 20m, 3h or 2d")
    amount, unit = SPAN.fullmatch(after).groups()
    return Said(
        slug=elsewhere[0] if elsewhere else slug,
        name=name,
        after=dt.timedelta(**{UNITS[unit]: int(amount)}),
        recommends=int(recommends),
        is_of_the_paper="author" in marks,
        fate=fates[0] if fates else "",
        counts_back=bool(elsewhere),
        parent=parent,
    )
