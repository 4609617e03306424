"""
A reply shows the post it answers, unless the page shows that post anyway. Which of the two is known only when a page
is put together, so the parent stands between two marks in the stored HTML. Pure.
"""

import re

_PARENT = re.compile(r"<!--parent (\S+)-->(.*?)<!--/parent-->", re.DOTALL)


def with_parent_once(html: str, shown: set[str]) -> str:
    """The HTML without its marks, and without a parent whose key is in `shown`. Adds the parent's key to `shown`."""

    def keep_or_drop(match: re.Match) -> str:
        if match[1] in shown:
            return ""
        shown.add(match[1])
        return match[2]

    return _PARENT.sub(keep_or_drop, html)
