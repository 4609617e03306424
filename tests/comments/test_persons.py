"""One commenter's own affairs: the badge, what is told to them, and being forgotten in the thread's shape."""

import datetime as dt

import pytest

from accounts import codes, own_data
from accounts.models import User
from comments import counting, identity, moderation, persons, readers, reading
from comments.findings import Finding, Refused
from comments.models import Comment, Commenter, Discussion, Mute, Recommendation, Report, Revision, Suspicion
from foundation import clock, letters, standing
from foundation.models import Letter
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db
ADA, EVE = "ada@example.org", "eve@example.org"
SECRET = "wagons"


@pytest.fixture
def article():
    return factories.published()


@pytest.fixture
def ada():
    person = identity.commenter_for(ADA, "Ada")
    person.confirmed_at = clock.now()
    person.save()
    return person


@pytest.fixture
def backers(monkeypatch):
    """Who backs; the test changes it as it goes."""
    found = {ADA}
    monkeypatch.setattr(standing, "_asked", [])
    standing.register(lambda address: address in found)
    return found


def written(article, person, **fields) -> Comment:
    fields = {"is_proven": True, "name": "Ada", "source": f"About {SECRET}", **fields}
    return making.public(article, commenter=person, **fields)


def counts_are_true() -> bool:
    return not counting.wrong().exists()


def shown(article) -> str:
    page = reading.discussion_page(article, "thread", 1)
    return repr(page)


def test_the_badge_is_put_beside_what_was_proven_and_moves_the_page(article, ada, backers):
    mine, typed = written(article, ada), written(article, ada, is_proven=False)
    before = Discussion.objects.get().changed_at
    assert persons.show_backing(ada, True)
    mine.refresh_from_db()
    typed.refresh_from_db()
    assert (mine.is_backer, typed.is_backer) == (True, False)
    assert Discussion.objects.get().changed_at > before
    assert written(article, Commenter.objects.get(pk=ada.pk)).is_backer


def test_the_badge_goes_when_the_person_wants_it_gone(article, ada, backers):
    mine = written(article, ada)
    persons.show_backing(ada, True)
    assert not persons.show_backing(ada, False)
    mine.refresh_from_db()
    assert not mine.is_backer
    assert not Commenter.objects.get(pk=ada.pk).shows_backing


def test_nobody_wears_the_badge_without_backing(article, ada, backers):
    mine = written(article, ada)
    backers.clear()
    assert not persons.show_backing(ada, True)
    mine.refresh_from_db()
    assert not mine.is_backer


def test_the_export_tells_everything_of_one_person_and_nothing_of_others(article, ada):
    mine = written(article, ada)
    other = making.public(article, source="Not Ada's", parent=mine)
    moderation.recommend(other, readers.key_of(ada))
    moderation.report(other, readers.key_of(ada), Report.Reason.OTHER, "My own reason")
    Mute.objects.create(commenter=ada, root=mine)
    letters.post("comment-reply:x", ADA, "Answered", "Words", "")
    letters.post("thanks:pi_1", ADA, "Thank you", "Words", "")
    told = persons.of(ada)
    assert (told["e-mail"], told["name"]) == (ADA, "Ada")
    assert [comment["words"] for comment in told["comments"]] == [f"About {SECRET}"]
    assert told["recommended"] == [str(other.uid)]
    assert told["reported"][0]["words"] == "My own reason"
    assert told["muted threads"] == [str(mine.uid)]
    assert [letter["subject"] for letter in told["letters"]] == ["Answered"]
    assert "Not Ada's" not in repr(told)


def test_suspected_spam_is_told_as_waiting(article, ada):
    making.waiting(article, commenter=ada, suspicions=[Finding("links", "Links", is_spam=True)])
    assert [comment["state"] for comment in persons.of(ada)["comments"]] == ["waiting"]


def test_erasing_leaves_an_empty_place_where_somebody_answered(article, ada):
    mine = written(article, ada)
    answer = making.public(article, parent=mine, source="An answer")
    alone = written(article, ada)
    assert SECRET in shown(article)
    persons.erase(ada)
    page = shown(article)
    assert SECRET not in page
    assert "Ada" not in page
    assert "An answer" in page
    assert counts_are_true()
    assert Discussion.objects.get().public_count == 1
    assert set(Comment.objects.values_list("pk", flat=True)) == {mine.pk, answer.pk, alone.pk}
    answer.refresh_from_db()
    assert answer.parent == mine


def test_words_may_stand_on_unsigned(article, ada):
    mine = written(article, ada)
    persons.erase(ada, keeps_words=True)
    mine.refresh_from_db()
    assert (mine.status, mine.name, mine.source) == ("public", persons.UNSIGNED, f"About {SECRET}")
    page = shown(article)
    assert SECRET in page
    assert "Ada" not in page
    assert counts_are_true()


@pytest.mark.parametrize("keeps_words", [False, True])
def test_nothing_of_the_person_is_left_in_any_row(article, ada, keeps_words):
    mine = written(article, ada, network_digest="a" * 64, neighbourhood_digest="b" * 64, source="Hello")
    moderation.edit(mine, f"Hello {SECRET}", by_commenter=ada, suspicions=[Finding("words", f"Says {SECRET}")])
    other = making.public(article)
    moderation.recommend(other, readers.key_of(ada))
    moderation.report(other, readers.key_of(ada), Report.Reason.OTHER, f"He said {SECRET}")
    letters.post("comment-reply:x", ADA, "Answered", "Words", "")
    letters.post("thanks:pi_1", ADA, "Thank you", "Words", "")
    Mute.objects.create(commenter=ada, root=mine)
    key, digest = readers.key_of(ada), ada.address_digest
    persons.erase(ada, keeps_words=keeps_words)
    ada.refresh_from_db()
    assert (ada.email, ada.folded_email, ada.name, ada.user, ada.confirmed_at) == ("", None, "", None, None)
    assert ada.erased_at
    assert ada.address_digest != digest
    mine.refresh_from_db()
    assert (mine.network_digest, mine.neighbourhood_digest, mine.wants_replies) == ("", "", False)
    assert (SECRET in mine.source) == keeps_words
    assert Revision.objects.exists() == keeps_words
    assert not keeps_words or Suspicion.objects.exists()
    assert not Report.objects.filter(words__contains=SECRET).exists()
    assert not Mute.objects.exists()
    assert Letter.objects.get(kind="comment-reply").to == ""
    assert Letter.objects.get(kind="thanks").to == ADA
    for model in (Recommendation, Report):
        assert model.objects.count() == 1
        assert not model.objects.filter(reader=key).exists()
    other.refresh_from_db()
    assert (other.recommends, other.open_reports) == (1, 1)


def test_what_was_removed_for_legal_reasons_is_kept_for_whoever_must_account_for_it(article, ada):
    mine = written(article, ada)
    moderation.remove(mine, factories.editor())
    persons.erase(ada)
    mine.refresh_from_db()
    assert (mine.status, mine.name) == ("removed", persons.UNSIGNED)
    assert SECRET in mine.source
    assert SECRET not in shown(article)


@pytest.mark.parametrize("status", ["pending", "spam", "rejected", "hidden", "held", "withdrawn"])
def test_words_in_every_other_state_go(article, ada, status):
    mine = written(article, ada)
    Comment.objects.filter(pk=mine.pk).update(status=status)
    counting.recount()
    persons.erase(ada)
    mine.refresh_from_db()
    assert (mine.status, mine.source, mine.body_html) == ("withdrawn", "", "")
    assert counts_are_true()


def test_a_ban_outlasts_the_address(article, ada):
    moderation.ban_person(ada, factories.editor(), reason="Insults")
    persons.erase(Commenter.objects.get(pk=ada.pk))
    ada.refresh_from_db()
    assert ada.email == ""
    back = identity.commenter_for("Ada@Example.org", "Ada again")
    assert (back, back.is_banned) == (ada, True)
    with pytest.raises(moderation.Refused):
        making.waiting(article, commenter=back, is_proven=True)


def test_who_was_not_banned_comes_back_as_somebody_new(article, ada):
    written(article, ada)
    persons.erase(ada)
    back = identity.commenter_for(ADA, "Ada")
    assert back != ada
    assert making.waiting(article, commenter=back, is_proven=True).status == "pending"


def test_a_ban_that_is_over_keeps_nothing(ada):
    Commenter.objects.update(
        banned_at=clock.now() - dt.timedelta(days=2), banned_until=clock.now() - dt.timedelta(days=1)
    )
    ada.refresh_from_db()
    persons.erase(ada)
    assert identity.commenter_for(ADA, "Ada") != ada


def test_being_forgotten_twice_changes_nothing_more(article, ada):
    written(article, ada)
    persons.erase(ada)
    persons.erase(ada)
    assert counts_are_true()
    assert Commenter.objects.count() == 1


def test_staff_cannot_bring_erased_words_back_to_readers(article, ada):
    mine = written(article, ada)
    by = factories.editor()
    moderation.hide(mine, by)
    act = mine.acts.first()
    persons.erase(ada)
    with pytest.raises(moderation.Refused):
        moderation.undo(act, by)
    mine.refresh_from_db()
    assert mine.status == "withdrawn"


def test_an_account_takes_its_comments_along(article):
    user = codes.person_at(ADA)
    person = identity.of_user(user)
    mine = written(article, person)
    assert own_data.of(user)["comments"]["comments"][0]["words"] == f"About {SECRET}"
    own_data.erase(user)
    mine.refresh_from_db()
    assert mine.source == ""
    assert not User.objects.exists()
    assert Commenter.objects.get().erased_at


def test_an_account_takes_along_what_its_owner_wrote_as_a_guest(article):
    """And nothing of others, nor of an address at which no code came back."""
    mine, others = written(article, identity.commenter_for(ADA.upper(), "Ada")), written(article, making.commenter())
    assert own_data.of(User.objects.create_user(ADA))["comments"] == {}
    user = codes.person_at(ADA)
    assert own_data.of(user)["comments"]["comments"][0]["id"] == str(mine.uid)
    own_data.erase(user)
    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.source, mine.commenter.email) == ("", "")
    assert others.source


def test_what_is_sent_while_its_writer_is_being_erased_names_nobody_again(ada, backers):
    page_was_open = Commenter.objects.get(pk=ada.pk)
    persons.erase(ada)
    with pytest.raises(Refused, match="just been erased"):
        persons.rename(page_was_open, "Ada Again")
    assert not persons.show_backing(page_was_open, True)
    ada.refresh_from_db()
    assert ada.name != "Ada Again"
    assert not ada.shows_backing


def test_what_is_sent_while_the_timer_forgets_its_writer_can_be_sent_again(article, db):
    """Of whom nothing was left, until this."""
    said = making.submission(article)
    Commenter.objects.filter(pk=said.commenter.pk).delete()
    with pytest.raises(Refused, match="Send this again"):
        moderation.submit(said)
    assert not Comment.objects.exists()
