"""The moderators' queue: who sees it, what stands in it, and what its buttons do."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from comments import moderation, queue
from comments.findings import Finding
from comments.models import Act, Comment, Commenter
from foundation import clock
from tests import factories
from tests.comments import making
from tests.comments.at_desk import QUEUE, Moderator

ACT, UNDO = reverse("admin:comments_comment_act"), reverse("admin:comments_comment_undo")
Status = Comment.Status


@pytest.fixture
def article(db):
    return factories.published(headline="A bridge nobody ordered")


@pytest.fixture
def ann(db):
    return Moderator(name="Ann")


@pytest.fixture
def three(article):
    return [making.waiting(article, source=f"Waiting words {number}") for number in range(3)]


def state(comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


class TestWhatStandsInIt:
    def test_oldest_first_and_only_what_waits(self, article, ann):
        newer, older = making.waiting(article), making.waiting(article)
        Comment.objects.filter(pk=older.pk).update(posted_at=clock.now() - dt.timedelta(hours=1))
        making.public(article)
        ann.open()
        assert ann.entries == [older.pk, newer.pk]

    def test_tabs_tell_how_much_is_behind_them(self, article, ann, three):
        making.waiting(article, suspicions=[Finding("honeypot", "A hidden field was filled in", is_spam=True)])
        moderation.report(making.public(article), "reader", "abuse")
        ann.open()
        tabs = [" ".join(tab.text_content().split()) for tab in ann.page.cssselect(".tabs a")]
        assert tabs == ["Waiting 3", "Reported 1", "Suspected 1", "All"]

    def test_an_entry_tells_everything_that_is_known(self, article, ann):
        parent = making.public(article, source="The first survey was in 1974.")
        person = making.commenter(name="Ada Abbot", email="ada@example.org")
        moderation.reject(making.waiting(article, commenter=person), None)
        moderation.ban_person(person, ann.user, until=clock.now() + dt.timedelta(days=1), reason="Insults")
        moderation.unban(person, ann.user)
        kept = {"network_digest": "n" * 64, "network_kept_until": clock.now() + dt.timedelta(days=30)}
        making.waiting(article, **kept)
        comment = making.waiting(
            article,
            parent=parent,
            commenter=person,
            source="So *it* began.",
            suspicions=[Finding("links", "3 links; the rule allows 2")],
            **kept,
        )
        ann.open()
        entry = ann.page.get_element_by_id(f"comment-{comment.pk}")
        words = " ".join(entry.text_content().split())
        for told in (
            "Ada Abbot", "ada@example.org", "A bridge nobody ordered", "The first survey was in 1974.",
            "3 links; the rule allows 2", "address only typed", "1 rejected", "banned once before",
            "1 other person from the same network lately",
        ):  # fmt: skip
            assert told in words
        assert entry.cssselect(".entry__words em")[0].text == "it"
        assert entry.cssselect(f'a[href="{article.get_absolute_url()}"]')

    def test_reports_stand_with_reasons_and_words(self, article, ann):
        comment = making.public(article)
        moderation.report(comment, "reader", "private", "That is where I live")
        ann.open(f"{QUEUE}?tab=reported")
        assert "It tells private things about somebody: “That is where I live”" in ann.text
        assert ann.buttons(comment)[:3] == ["Keep", "Hide", "Spam"]

    def test_markup_that_somebody_typed_is_shown_as_text(self, article, ann):
        person = making.commenter(name="<b>Bo</b>", email="<i>@example.org")
        making.waiting(article, commenter=person, name="Bo", source="<script>alert(1)</script> and more")
        ann.open()
        assert not ann.page.cssselect(".entry script, .entry b, .entry i")

    def test_the_whole_page_costs_the_same_however_much_waits(self, article, ann, django_assert_max_num_queries):
        def queries() -> int:
            with django_assert_max_num_queries(40) as asked:
                ann.open()
            return len(asked)

        making.waiting(article, suspicions=[Finding("links", "many")], network_digest="m" * 64)
        few = queries()
        for number in range(8):
            parent = making.public(article)
            making.waiting(
                factories.published(), suspicions=[Finding("links", "many")], network_digest=f"{number}" * 64
            )
            making.waiting(article, parent=parent)
        assert queries() == few

    def test_pages_begin_after_a_comment_and_miss_none(self, article, monkeypatch):
        monkeypatch.setattr(queue, "PAGE", 4)
        comments = [making.waiting(article) for _ in range(10)]
        moment = clock.now()
        Comment.objects.update(posted_at=moment)  # all at one instant: only the key tells them apart
        seen, after = [], ""
        while True:
            page = queue.page("waiting", after, size=4)
            seen += [entry.comment.pk for entry in page.entries]
            after = page.next_after
            if not after:
                break
        assert seen == [comment.pk for comment in comments]

    @pytest.mark.parametrize("after", ["x", "1-", "-1", "9" * 30 + "-1", "1-" + "9" * 25, "²-³", "1-1'"])
    def test_a_mark_that_is_none_leads_to_the_head(self, ann, three, after):
        ann.open(f"{QUEUE}?after={after}")
        assert ann.status == 200

    def test_an_empty_queue_says_so(self, ann):
        ann.open()
        assert "Nobody waits for you" in ann.text


class TestDeciding:
    @pytest.mark.parametrize(
        ("button", "becomes"), [("Approve", Status.PUBLIC), ("Reject", Status.REJECTED), ("Spam", Status.SPAM)]
    )
    def test_one_press_decides_and_the_next_is_in_place(self, ann, three, button, becomes):
        ann.open()
        ann.press(button, on=three[0])
        assert state(three[0]) == becomes
        assert ann.entries == [three[1].pk, three[2].pk]
        assert ann.landed.endswith(f"#comment-{three[1].pk}")
        assert Act.objects.get(comment=three[0]).by == ann.user

    def test_what_readers_reported_is_kept_or_hidden(self, article, ann):
        kept, hidden = making.public(article), making.public(article)
        for comment in (kept, hidden):
            for reader in ("one", "two", "three"):
                moderation.report(comment, reader, "abuse")
        assert {state(kept), state(hidden)} == {Status.HELD}
        ann.open(f"{QUEUE}?tab=reported")
        ann.press("Keep", on=kept)
        ann.press("Hide", on=hidden)
        assert (state(kept), state(hidden)) == (Status.PUBLIC, Status.HIDDEN)
        assert ann.entries == []

    def test_suspected_spam_is_released(self, article, ann):
        comment = making.waiting(article, suspicions=[Finding("words", "casino", is_spam=True)])
        ann.open(f"{QUEUE}?tab=suspected")
        ann.press("Approve", on=comment)
        assert state(comment) == Status.PUBLIC

    def test_ticked_ones_are_decided_together_and_undone_together(self, ann, three):
        ann.open()
        ann.press("Approve", ticked=three[:2])
        assert [state(comment) for comment in three] == [Status.PUBLIC, Status.PUBLIC, Status.PENDING]
        assert ann.told == "Approved 2."
        ann.press("Undo")
        assert [state(comment) for comment in three] == [Status.PENDING] * 3
        assert ann.told == "Taken back: approved 2."
        assert ann.entries == [comment.pk for comment in three]

    def test_tick_all_needs_no_script(self, ann, three):
        ann.open(f"{QUEUE}?all=1")
        assert len(ann.page.cssselect(".entry__tick input[checked]")) == 3

    def test_nothing_ticked_does_nothing_and_says_so(self, ann, three):
        ann.open()
        ann.press("Approve")
        assert "Nothing was ticked" in ann.messages
        assert Act.objects.count() == 0

    def test_a_button_pressed_twice_counts_once(self, ann, three):
        ann.open()
        ann.press("Approve", on=three[0], twice=True)
        assert ann.told == "Approved 1."
        assert ann.messages == ""
        assert Act.objects.filter(comment=three[0]).count() == 1

    def test_undo_pressed_twice_undoes_once(self, ann, three):
        ann.open()
        ann.press("Approve", on=three[0])
        ann.press("Undo", twice=True)
        assert state(three[0]) == Status.PENDING
        assert Act.objects.filter(verb=Act.Verb.UNDO).count() == 1


class TestTwoModerators:
    def test_the_second_is_told_what_the_first_decided(self, ann, three):
        bert = Moderator(name="Bert")
        ann.open()
        bert.open()
        ann.press("Approve", on=three[0])
        bert.press("Spam", on=three[0])
        assert state(three[0]) == Status.PUBLIC
        assert "Ann approved it at" in bert.messages
        assert "You changed nothing." in bert.messages

    def test_of_a_batch_only_what_is_still_as_it_was_seen_is_decided(self, ann, three):
        bert = Moderator(name="Bert")
        ann.open()
        bert.open()
        ann.press("Reject", on=three[1])
        bert.press("Approve", ticked=three)
        assert [state(comment) for comment in three] == [Status.PUBLIC, Status.REJECTED, Status.PUBLIC]
        assert bert.told == "Approved 2."
        bert.press("Undo")
        assert [state(comment) for comment in three] == [Status.PENDING, Status.REJECTED, Status.PENDING]

    def test_words_that_were_edited_meanwhile_are_not_approved_unread(self, ann, article):
        person = making.commenter()
        comment = making.waiting(article, commenter=person)
        ann.open()
        moderation.edit(comment, "Buy watches", by_commenter=person, suspicions=[])
        ann.press("Approve", on=comment)
        assert state(comment) == Status.PENDING
        assert "Its author edited it" in ann.messages

    def test_a_report_that_nobody_has_read_is_not_settled(self, ann, article):
        comment = making.public(article)
        moderation.report(comment, "one", "abuse")
        ann.open(f"{QUEUE}?tab=reported")
        moderation.report(comment, "two", "private")
        ann.press("Keep", on=comment)
        assert Comment.objects.get(pk=comment.pk).open_reports == 2
        assert "You changed nothing" in ann.messages

    def test_nobody_undoes_through_a_later_decision(self, ann, three):
        bert = Moderator(name="Bert")
        ann.open()
        ann.press("Approve", on=three[0])
        bert.open(reverse("admin:comments_comment_change", args=[three[0].pk]))
        bert.press("Hide", on=three[0])
        ann.press("Undo")
        assert state(three[0]) == Status.HIDDEN
        assert "hidden" in ann.messages


class TestBanning:
    def test_for_how_long_and_why_in_one_press(self, ann, three):
        ann.open()
        name = three[0].pk
        ann.press("Ban this person", on=three[0], **{f"ban-for-{name}": "7", f"ban-reason-{name}": "Insults"})
        person = Commenter.objects.get(pk=three[0].commenter_id)
        assert person.is_banned
        assert person.ban_reason == "Insults"
        assert dt.timedelta(days=6, hours=23) < person.banned_until - clock.now() <= dt.timedelta(days=7)
        assert state(three[0]) == Status.REJECTED
        assert ann.told == "Banned 1 person; Rejected 1."

    def test_is_undone_with_what_it_rejected(self, ann, three):
        ann.open()
        ann.press("Ban this person", on=three[0])
        ann.press("Undo")
        assert not Commenter.objects.get(pk=three[0].commenter_id).is_banned
        assert state(three[0]) == Status.PENDING

    def test_for_good_only_by_that_word(self, ann, three):
        ann.open()
        ann.press("Ban this person", on=three[0], **{f"ban-for-{three[0].pk}": "nonsense"})
        ann.press("Ban this person", on=three[1], **{f"ban-for-{three[1].pk}": "ever"})
        assert Commenter.objects.get(pk=three[0].commenter_id).banned_until is not None
        assert Commenter.objects.get(pk=three[1].commenter_id).banned_until is None

    def test_somebody_banned_already_is_not_banned_over_it(self, ann, three):
        bert = Moderator(name="Bert")
        ann.open()
        bert.open()
        ann.press("Ban this person", on=three[0], **{f"ban-for-{three[0].pk}": "1"})
        bert.press("Ban this person", on=three[0], **{f"ban-for-{three[0].pk}": "ever"})
        assert Commenter.objects.get(pk=three[0].commenter_id).banned_until is not None
        assert "Ann has banned" in bert.messages


class TestWhoMay:
    @pytest.fixture
    def pressed(self, three):
        return {
            "act": f"approve:{three[0].pk}",
            f"seen-{three[0].pk}": queue.judging.seen(three[0]),
            "batch": uuid.uuid4(),
        }

    def test_with_the_permission_it_is_done(self, ann, three, pressed):
        ann.client = Client()
        ann.client.force_login(ann.user)
        assert ann.client.post(ACT, pressed).status_code == 302
        assert state(three[0]) == Status.PUBLIC

    @pytest.mark.parametrize("group", ["Author", "Treasurer"])
    def test_others_of_the_staff_see_and_do_nothing(self, three, pressed, group):
        client = Client()
        client.force_login(factories.member_of(group))
        assert client.get(QUEUE).status_code == 403
        assert client.post(ACT, pressed).status_code == 403
        assert state(three[0]) == Status.PENDING

    def test_who_only_reads_sees_no_button_and_is_refused(self, three, pressed):
        reader = Moderator("Author")
        give(reader.user, "view_comment")
        reader.open()
        assert reader.buttons(three[0]) == []
        client = Client()
        client.force_login(reader.user)
        assert client.post(ACT, pressed).status_code == 403
        assert state(three[0]) == Status.PENDING

    def test_banning_is_a_permission_of_its_own(self, three):
        client, person = Client(), Moderator("Author")
        give(person.user, "view_comment", "moderate_comment")
        client.force_login(person.user)
        data = {"act": f"ban:{three[0].pk}", "batch": uuid.uuid4()}
        assert client.post(ACT, data).status_code == 403
        give(person.user, "ban_commenter")
        assert client.post(ACT, data).status_code == 302
        assert Commenter.objects.get(pk=three[0].commenter_id).is_banned

    def test_nobody_at_all_is_sent_to_the_login(self, three, pressed):
        response = Client().post(ACT, pressed)
        assert response.status_code == 302
        assert "/admin/login/" in response["Location"]
        assert state(three[0]) == Status.PENDING

    def test_undo_needs_the_permission(self, ann, three):
        ann.open()
        ann.press("Approve", on=three[0])
        batch = Act.objects.get().batch
        client = Client()
        client.force_login(factories.member_of("Author"))
        assert client.post(UNDO, {"batch": batch}).status_code == 403
        assert state(three[0]) == Status.PUBLIC

    def test_without_the_forms_token_nothing_is_done(self, ann, three, pressed):
        assert ann.client.post(ACT, pressed).status_code == 403
        assert ann.client.post(UNDO, {"batch": uuid.uuid4()}).status_code == 403
        assert state(three[0]) == Status.PENDING

    @pytest.mark.parametrize("address", [ACT, UNDO])
    def test_following_a_link_does_nothing(self, ann, address):
        assert ann.client.get(address).status_code == 405

    @pytest.mark.parametrize(
        "data",
        [{}, {"act": "approve:1"}, {"act": "explode:1", "batch": str(uuid.uuid4())}, {"act": "", "batch": "x"}],
    )
    def test_what_no_button_sends_is_refused(self, ann, data):
        client = Client()
        client.force_login(ann.user)
        assert client.post(ACT, data).status_code == 400
        assert client.post(UNDO, {"batch": "x"}).status_code == 400

    def test_a_comment_that_is_gone_or_never_was_is_told(self, ann):
        client = Client()
        client.force_login(ann.user)
        response = client.post(ACT, {"act": "approve:999999", "batch": uuid.uuid4()}, follow=True)
        assert "does not exist any more" in response.content.decode()

    def test_a_forged_sight_of_it_decides_nothing(self, ann, three):
        client = Client()
        client.force_login(ann.user)
        data = {"act": f"approve:{three[0].pk}", f"seen-{three[0].pk}": "public.0.0.0", "batch": uuid.uuid4()}
        client.post(ACT, data)
        assert state(three[0]) == Status.PENDING


def give(user, *codenames):
    from django.contrib.auth.models import Permission

    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="comments", codename__in=codenames))
