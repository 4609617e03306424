"""
Threads against a reference that is slow, recursive and obvious; and the pages that they are laid out on.
"""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments import threads


@dataclass(frozen=True)
class Row:
    pk: int
    parent_id: int | None
    root_id: int
    is_public: bool
    parent: str = "whoever is answered"


@st.composite
def discussions(draw, most=30):
    """In the order of time, which may put an answer before its parent: two clocks wrote them."""
    rows: list[Row] = []
    for pk in range(1, draw(st.integers(0, most)) + 1):
        parent = draw(st.sampled_from([None, *rows])) if rows else None
        is_public = draw(st.booleans())
        rows.append(Row(pk, parent.pk if parent else None, parent.root_id if parent else pk, is_public))
    return draw(st.permutations(rows))


# The reference


def naive(rows, deepest):
    """(pk, level, is_stub, is_apart) in reading order, by definition."""

    def has_public(row):
        return row.is_public or any(has_public(reply) for reply in rows if reply.parent_id == row.pk)

    def read(row, level, drawn_below):
        mine = [(row.pk, level, not row.is_public, row.parent_id != drawn_below)]
        below = row.pk if level < deepest else drawn_below
        for reply in rows:
            if reply.parent_id == row.pk and has_public(reply):
                mine += read(reply, min(level + 1, deepest), below)
        return mine

    return [place for row in rows if row.parent_id is None and has_public(row) for place in read(row, 0, None)]


def flattened(nodes):
    return [(node.comment.pk, node.level, node.is_stub, node.is_apart) for node in threads.walk(nodes)]


@given(rows=discussions(), deepest=st.integers(0, 5))
def test_threads_are_as_the_reference_builds_them(rows, deepest):
    assert flattened(threads.build(rows, deepest)) == naive(rows, deepest)


def test_the_reference_notices_a_swapped_answer():
    """The control: it would not agree with just anything."""
    rows = [Row(1, None, 1, True), Row(2, 1, 1, True), Row(3, 1, 1, True)]
    wrong = threads.build(rows)
    wrong[0].replies.reverse()
    assert flattened(wrong) != naive(rows, 4)


@given(rows=discussions())
def test_every_public_comment_is_read_exactly_once(rows):
    read = [node.comment.pk for node in threads.walk(threads.build(rows)) if not node.is_stub]
    assert sorted(read) == sorted(row.pk for row in rows if row.is_public)


@given(rows=discussions(), deepest=st.integers(0, 5))
def test_no_node_stands_deeper_than_a_phone_can_show(rows, deepest):
    def nesting(nodes):
        return 1 + max((nesting(node.replies) for node in nodes), default=0) if nodes else 0

    assert nesting(threads.build(rows, deepest)) <= deepest + 1


def test_a_thread_five_thousand_deep_is_built():
    rows = [Row(pk, pk - 1 or None, 1, True) for pk in range(1, 5001)]
    nodes = list(threads.walk(threads.build(rows)))
    assert [node.comment.pk for node in nodes] == list(range(1, 5001))
    assert max(node.level for node in nodes) == threads.DEEPEST


def test_only_what_stands_apart_from_its_parent_says_whom_it_answers():
    rows = [Row(pk, pk - 1 or None, 1, True) for pk in range(1, 5)]
    named = [node.comment.pk for node in threads.walk(threads.build(rows, deepest=1)) if node.replying_to]
    assert named == [3, 4]


# Pages


@given(sizes=st.lists(st.integers(1, 30), max_size=30), size=st.integers(1, 12))
def test_pages_hold_everything_once_and_whole_threads_where_they_fit(sizes, size):
    laid_out = threads.pages(list(enumerate(sizes)), size)
    parts = list(itertools.chain.from_iterable(laid_out))
    assert [part.root for part in parts if part.start == 0] == list(range(len(sizes)))
    for root, number in enumerate(sizes):
        of_root = [part for part in parts if part.root == root]
        assert [part.start for part in of_root] == list(range(0, number, size))
        assert [part.stop for part in of_root] == [*range(size, number, size), None]
        assert (number <= size) == (len(of_root) == 1)
    for page in laid_out:
        assert len(page) == 1 or sum(sizes[part.root] for part in page) <= size


def test_an_empty_discussion_has_one_page():
    assert threads.pages([]) == [[]]


@given(rows=discussions(), size=st.integers(1, 7))
def test_the_parts_of_a_long_thread_hold_every_public_comment_once_in_reading_order(rows, size):
    roots = [row.pk for row in rows if row.parent_id is None]
    for root in roots:
        thread = [row for row in rows if row.root_id == root]
        whole = [node.comment for node in threads.walk(threads.build(thread)) if node.comment.is_public]
        starts = range(0, len(whole), size)
        parts = [threads.part(thread, start, start + size) for start in starts]
        assert [row for part in parts for row in part if row.is_public] == whole
        assert all(sum(row.is_public for row in part) <= size for part in parts)


@given(rows=discussions(), size=st.integers(1, 7), start=st.integers(0, 20))
def test_a_later_part_hangs_from_the_head_of_its_thread(rows, size, start):
    for root in [row for row in rows if row.parent_id is None]:
        part = threads.part([row for row in rows if row.root_id == root.pk], start, start + size)
        page = list(dict.fromkeys([root, *part]))
        nodes = threads.build(page, continued=True)
        if any(row.is_public for row in page):
            assert [node.comment for node in nodes] == [root]
            read = [node.comment for node in threads.walk(nodes)]
            assert [row for row in read if row.is_public] == [row for row in page if row.is_public]


@pytest.mark.parametrize("is_public", [True, False])
def test_a_flat_order_shows_public_comments_alone(is_public):
    rows = [Row(1, None, 1, True), Row(2, 1, 1, is_public)]
    assert [node.comment.pk for node in threads.flat(rows)] == ([1, 2] if is_public else [1])
