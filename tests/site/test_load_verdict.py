"""The judge of `make load` must see each fault it is there for."""

from benchmarks.load import verdict
from benchmarks.load.verdict import Figure, Published, Read, ReadFigure, Withdrawn

PAGE = "/2026/11/an-article/"
PUBLISHED = [Published(PAGE, 10, 1), Published(PAGE, 20, 2), Published("/other/", 15, 9)]


def read(began, revision, status=200):
    return Read(PAGE, began, began + 0.1, status, revision)


def test_a_page_may_be_old_for_as_long_as_promised():
    assert (
        verdict.old_pages([read(9, 0), read(14, 0), read(16, 1), read(24, 1), read(26, 2)], PUBLISHED, promise=5) == []
    )


def test_a_page_that_is_older_than_promised_is_a_fault():
    found = verdict.old_pages([read(25.5, 1), read(15.5, 0)], PUBLISHED, promise=5)
    assert found == [f"{PAGE}: revision 1, 5.5 s after 2", f"{PAGE}: revision 0, 5.5 s after 1"]


def test_a_page_that_went_back_is_a_fault():
    assert verdict.old_pages([read(30, 2), read(31, 0)], PUBLISHED, promise=5) != []


def test_the_greatest_age_counts_from_the_first_commit_that_was_not_shown():
    assert verdict.greatest_age([read(12, 0), read(13, 1), read(23.5, 1)], PUBLISHED) == 3.5
    assert verdict.greatest_age([read(9, 0), read(21, 2)], PUBLISHED) == 0


def test_no_answer_of_an_article_that_went_may_be_its_page():
    gone = [Withdrawn(PAGE, 30)]
    assert verdict.seen_after_withdrawal([read(29.9, 2), read(30.1, 0, 410)], gone) == []
    assert verdict.seen_after_withdrawal([read(30.1, 2)], gone) == [f"{PAGE}: 200, 0.100 s after it went"]
    assert verdict.seen_after_withdrawal([read(30.1, 0, 304)], gone) != []


def test_a_figure_must_have_been_true_a_moment_ago():
    truths = [Figure(0, "one"), Figure(10, "two"), Figure(20, "three")]
    assert verdict.untrue_figures([ReadFigure(12, 12.1, "one"), ReadFigure(12, 12.1, "two")], truths, promise=5) == []
    assert verdict.untrue_figures([ReadFigure(9.9, 10.5, "two")], truths, promise=5) == []
    assert len(verdict.untrue_figures([ReadFigure(26, 26.1, "two")], truths, promise=5)) == 1
    assert len(verdict.untrue_figures([ReadFigure(12, 12.1, "four")], truths, promise=5)) == 1


def test_of_many_faults_the_worst_are_told_and_the_others_counted():
    found = verdict.old_pages([read(26 + n, 1) for n in range(9)], PUBLISHED, promise=5)
    assert len(found) == 6
    assert found[-1] == "… and 4 more"
