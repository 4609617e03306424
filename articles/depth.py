"""
How deep tags may stand in each other. Deeper than any text needs, trees cost more than they are worth: parsers and
walkers take a time that grows with words times depth. What stands too deep keeps its words and loses its tags.
"""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from articles.nesting import BLOCKS, INLINE, PARTS, WRAPPERS

DEEPEST_UNREAD = 200
# Mending lists may double the depth of what was cut; `DEEPEST` is above that, so a text is cut once and then stays.
CUT_TO = 40
DEEPEST = 100

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
# These close by themselves, so that a text without their end tags is flat and not deep.
UNNESTED = {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "col"}
UNNESTED |= {"area", "base", "br", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# These may stand within a word, which must not be parted where one of them is left out.
WITHIN_WORDS = {*INLINE, "b", "i", "u", "del", "ins", "strike", "span", "font", "big", "small"}
APART = BLOCKS | WRAPPERS | PARTS
# In these even the former nest. Nothing of them is kept in any text.
FOREIGN = {"svg", "math"}


def shallow(markup: str) -> str:
    """
    HTML that nobody has read yet, without the tags beyond a depth that no real text has. It is not made safe here, and
    markup that is not too deep comes back as it is.
    """
    if markup.count("<") <= DEEPEST_UNREAD:
        return markup
    reader = _DepthReader()
    flat = TAG.sub(reader.keep_or_drop, markup)
    return flat if reader.dropped else markup


class _DepthReader:
    """Keeps the open tags in order, each with whether it was let through."""

    def __init__(self):
        self.dropped = 0
        self._open: list[tuple[str, bool]] = []
        self._open_by_name: Counter[str] = Counter()
        self._depth = 0

    def keep_or_drop(self, match: re.Match) -> str:
        name = match[2].lower()
        if name in UNNESTED:
            is_kept = self._depth < DEEPEST_UNREAD
        else:
            is_kept = self._close(name) if match[1] else self._begin(name)
        if is_kept:
            return match[0]
        self.dropped += 1
        return "" if name in WITHIN_WORDS else " "

    def _begin(self, name: str) -> bool:
        is_kept = self._depth < DEEPEST_UNREAD and name not in FOREIGN
        self._open.append((name, is_kept))
        self._open_by_name[name] += 1
        self._depth += is_kept
        return is_kept

    def _close(self, name: str) -> bool:
        """An end tag closes what stands open within its element too; one of nothing is left to the parser."""
        if not self._open_by_name[name]:
            return True
        while True:
            closed, is_kept = self._open.pop()
            self._open_by_name[closed] -= 1
            self._depth -= is_kept
            if closed == name:
                return is_kept


def flatten(root: etree._Element) -> None:
    """The same for a tree, in place: of what stands too deep the words remain."""
    depths = {root: 0}
    for element in root.iterdescendants(etree.Element):
        depths[element] = depths[element.getparent()] + 1
    if max(depths.values()) <= DEEPEST:
        return
    for element in [element for element, depth in depths.items() if depth == CUT_TO]:
        words = "".join(_words_of(element))
        element[:] = []
        element.text = words


def _words_of(root: etree._Element) -> Iterator[str]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element is not root and (element.tag in APART or element.tag == "br"):
            yield " "
        if event == "start":
            yield element.text or ""
        elif element is not root:
            yield element.tail or ""
