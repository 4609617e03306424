"""Commands that set right what the verbs keep."""

import pytest
from django.core.management import call_command

from comments import formatting
from comments.models import Comment, Discussion
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db


def test_html_is_made_anew_from_what_was_typed_and_no_date_moves(capsys):
    comment = making.public(factories.published(), source="Some *words*")
    Comment.objects.update(body_html="<p>An older way of writing it</p>", fingerprint="")
    changed_at = Discussion.objects.get().changed_at
    call_command("rerender_comments")
    call_command("rerender_comments")
    assert capsys.readouterr().out == "1 comments changed\n0 comments changed\n"
    row = Comment.objects.get()
    assert (row.body_html, row.fingerprint) == (comment.body_html, formatting.fingerprint("Some words"))
    assert (row.posted_at, row.edited_at) == (comment.posted_at, None)
    assert Discussion.objects.get().changed_at == changed_at


def test_numbers_are_counted_anew(capsys):
    making.public(factories.published())
    Discussion.objects.update(public_count=5)
    Comment.objects.update(recommends=9)
    call_command("recount_comments")
    call_command("recount_comments")
    assert capsys.readouterr().out.splitlines() == [
        "1 articles and 1 comments corrected",
        "0 articles and 0 comments corrected",
    ]
    assert Discussion.objects.get().public_count == 1
