"""
Word copies a list as paragraphs that only look like one: the style names list and level, the first words are the
bullet or number. Here they become lists again.
"""

import re

from lxml import etree

from articles import nesting

LEVEL = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
MARKER = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
NUMBER = re.compile(r"\s*\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,6})[.)]")
DEEPEST = 9


def join(root: etree._Element) -> None:
    """Turns every run of such paragraphs into one list, in place."""
    items = [item for item in root.iterdescendants("p") if LEVEL.search(item.get("style", ""))]
    run: list[etree._Element] = []
    for item in items:
        if run and _previous(item) is not run[-1]:
            _build(run)
            run = []
        run.append(item)
    if run:
        _build(run)
    for paragraph in root.iterdescendants("p"):
        paragraph.attrib.pop("style", None)
        paragraph.attrib.pop("class", None)


def _previous(item: etree._Element) -> etree._Element | None:
    before = item.getprevious()
    return before if before is not None and not (before.tail or "").strip() else None


def _build(run: list[etree._Element]) -> None:
    """`open_lists` holds the list of each level that is still open, outermost first."""
    open_lists: list[tuple[int, etree._Element]] = []
    for item in run:
        level = min(int(LEVEL.search(item.get("style"))[1]), DEEPEST)
        is_numbered = _take_marker(item)
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            opened = nesting.new("ol" if is_numbered else "ul")
            if open_lists:
                open_lists[-1][1][-1].append(opened)
            else:
                item.addprevious(opened)
            open_lists.append((level, opened))
        entry = etree.SubElement(open_lists[-1][1], "li")
        item.tail = None
        entry.append(item)


def _take_marker(item: etree._Element) -> bool:
    """Takes the bullet or number out of the words. True for a number."""
    for marker in list(item.iterdescendants("span")):
        if MARKER.search(marker.get("style", "")):
            is_numbered = bool(NUMBER.match("".join(marker.itertext())))
            marker.drop_tree()
            return is_numbered
    return False
