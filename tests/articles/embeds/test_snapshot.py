"""From a pasted address to the fragment on the page, with the real task worker and a real HTTP endpoint."""

import datetime as dt
import io
import json

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult
from PIL import Image as Pillow

from articles import images, search, takedown
from articles.embeds import catch_up, snapshot
from articles.embeds.providers import recognise
from articles.fragments import Fragments
from articles.models import Article, Embed, EmbedDecision, EmbedPicture
from articles.rendering import render_article
from foundation import outbound
from tests import factories
from tests.articles.embeds.conftest import TWEET, VIDEO
from tests.foundation.fake_service import Reply


def jpeg(width=480, height=360, colour="navy"):
    file = io.BytesIO()
    Pillow.new("RGB", (width, height), colour).save(file, "JPEG")
    return file.getvalue()


def captured(match, platform, run_tasks, *replies):
    platform.replies(match.provider, *replies)
    embed = snapshot.remember(match)
    run_tasks()
    embed.refresh_from_db()
    return embed


class TestRemembering:
    def test_a_new_post_is_a_plain_link_and_a_task(self, transactional_db, tweet, platform):
        embed = snapshot.remember(tweet)
        assert embed.state == Embed.State.PENDING
        assert 'href="https://x.com/harbour_desk/status/1232942413187452929"' in embed.html
        assert DBTaskResult.objects.get().args_kwargs["args"] == [embed.pk]
        assert platform.requests == []

    def test_its_time_is_known_from_its_number(self, db, tweet):
        assert snapshot.remember(tweet).posted_at.date() == dt.date(2020, 2, 27)

    def test_a_number_from_the_future_tells_no_time(self, db):
        assert snapshot.remember(recognise("https://x.com/u/status/9000000000000000000")).posted_at is None

    def test_a_known_post_is_returned_as_it_is(self, transactional_db, tweet):
        first = snapshot.remember(tweet)
        again = snapshot.remember(recognise("https://x.com/i/status/1232942413187452929"))
        assert again.pk == first.pk
        assert again.url == first.url
        assert DBTaskResult.objects.count() == 1


class TestCapturing:
    def test_a_tweet_is_kept_as_our_own_words(self, tweet, platform, run_tasks):
        platform.replies("tco", Reply(status=301, headers={"Location": "https://port.example/noon"}))
        embed = captured(tweet, platform, run_tasks, "tweet.json")
        assert embed.state == Embed.State.CAPTURED
        assert embed.author_name == "Harbour Desk ⚓"
        assert embed.text.startswith("Ferries stop at noon.\n\nThe port says why: https://port.example/noon")
        assert embed.failure == ""
        assert '"author_name"' in embed.raw_reply

    def test_the_fragment_is_a_labelled_quotation_that_loads_nothing(self, tweet, platform, run_tasks):
        html = captured(tweet, platform, run_tasks, "tweet.json").html
        assert html.startswith(
            '<figure class="embed embed--tweet" aria-label="Post on X by Harbour Desk ⚓, 27 February 2020'
        )
        assert 'cite="https://x.com/harbour_desk/status/1232942413187452929" lang="en" dir="ltr"' in html
        assert '<time datetime="2020-02-27T08:15:52+00:00">27 February 2020, 08:15 UTC</time>' in html
        assert "The original has pictures or video." in html
        for loads in ("<script", "<iframe", " src=", " style=", "<link"):
            assert loads not in html

    def test_a_shortened_link_that_does_not_answer_stays(self, tweet, platform, run_tasks):
        platform.replies("tco", Reply(status=500))
        embed = captured(tweet, platform, run_tasks, "tweet.json")
        assert "https://t.co/AbCdEf1234" in embed.text

    def test_an_old_tweet_shows_the_day_alone(self, platform, run_tasks):
        old = recognise("https://twitter.com/first_days/status/20000000")
        html = captured(old, platform, run_tasks, "tweet-old.json").html
        assert '<time datetime="2007-03-21">21 March 2007</time>' in html

    def test_words_from_right_to_left_say_so(self, platform, run_tasks):
        match = recognise("https://x.com/i/status/1500000000000000000")
        html = captured(match, platform, run_tasks, "tweet-arabic.json").html
        assert 'lang="ar" dir="rtl"' in html
        assert "<bdi" in html

    def test_nothing_hostile_reaches_the_fragment(self, tweet, platform, run_tasks):
        html = captured(tweet, platform, run_tasks, "tweet-hostile.json").html
        for bad in ("<script", "<img", "javascript:", "onclick", "onerror=alert(3)>", "\u202e", "bank.example"):
            assert bad not in html
        assert ">xn--" in html

    def test_the_address_gains_the_name_that_the_platform_knows(self, platform, run_tasks):
        match = recognise("https://x.com/i/status/1232942413187452929")
        assert (
            captured(match, platform, run_tasks, "tweet.json").url
            == "https://x.com/harbour_desk/status/1232942413187452929"
        )

    def test_a_video_gets_our_own_copy_of_its_still(self, video, platform, run_tasks, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        platform.replies("stills", Reply(body=jpeg(), content_type="image/jpeg"))
        embed = captured(video, platform, run_tasks, "youtube.json")
        assert embed.title == "How a lock gate is lifted"
        assert f'data-play="/play/{embed.pk}/"' in embed.html
        assert f'<img data-image="{embed.pictures.get().image.key}"' in embed.html

    def test_so_does_a_film_of_tiktok(self, platform, run_tasks, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        platform.replies("stills", Reply(body=jpeg(), content_type="image/jpeg"))
        match = recognise("https://www.tiktok.com/@tide.reader/video/7100000000000000001")
        embed = captured(match, platform, run_tasks, "tiktok.json")
        assert f'<img data-image="{embed.pictures.get().image.key}"' in embed.html

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(status=404),
            Reply(body=b"<svg/>", content_type="image/svg+xml"),
            Reply(body=b"no", content_type="image/jpeg"),
        ],
    )
    def test_a_video_without_a_usable_still_is_captured_all_the_same(self, video, platform, run_tasks, reply):
        platform.replies("stills", reply)
        embed = captured(video, platform, run_tasks, "youtube.json")
        assert embed.state == Embed.State.CAPTURED
        assert not embed.pictures.exists()

    def test_a_platform_that_tells_no_words_leaves_them_to_the_editor(self, platform, run_tasks):
        match = recognise("https://social.example.org/@bridgewatch/112233445566778899")
        embed = captured(match, platform, run_tasks, "mastodon.json")
        assert embed.state == Embed.State.CAPTURED
        assert embed.failure == "Mastodon did not tell what the post says. You can write the text in by hand."
        assert "Bridge Watch" in embed.html

    def test_capturing_twice_changes_nothing(self, tweet, platform, run_tasks):
        embed = captured(tweet, platform, run_tasks, "tweet.json")
        before = (embed.text, embed.html, embed.captured_at)
        snapshot.capture_embed.enqueue(embed.pk)
        run_tasks()
        embed.refresh_from_db()
        assert (embed.text, embed.html, embed.captured_at) == before


FAILURES = [
    (Reply(status=404), "FAILED", "X says there is no such post."),
    (Reply(status=410), "FAILED", "X says there is no such post."),
    (Reply(status=401), "FAILED", "X does not show this post to the public."),
    (Reply(status=403), "FAILED", "X does not show this post to the public."),
    (Reply(status=400), "FAILED", "X refused to answer (status 400)."),
    (Reply(status=429), "PENDING", "X asks us to wait. It will be asked again by itself."),
    (Reply(status=503), "PENDING", "X is out of order (status 503). It will be asked again by itself."),
    (Reply(raw=b""), "PENDING", "X could not be reached."),
    (Reply(body=b"<html>", content_type="text/html"), "FAILED", "X answered, but not with a description of a post."),
    (Reply(body=b"<html>"), "FAILED", "X answered, but not with a description of a post."),
    (Reply(headers={"Content-Length": "52428800"}), "FAILED", "X sent far more than a post."),
    (
        Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}),
        "FAILED",
        "X sent us to an address that we do not visit.",
    ),
]


class TestTrouble:
    @pytest.mark.parametrize(("reply", "state", "sentence"), FAILURES, ids=lambda value: str(value)[:30])
    def test_every_failure_is_a_sentence_and_leaves_a_link(self, tweet, platform, run_tasks, reply, state, sentence):
        embed = captured(tweet, platform, run_tasks, reply)
        assert embed.state == Embed.State[state]
        assert embed.failure.startswith(sentence)
        assert 'href="https://x.com/harbour_desk/status/1232942413187452929"' in embed.html

    def test_a_slow_platform_is_asked_again(self, tweet, platform, run_tasks, monkeypatch):
        monkeypatch.setattr(outbound.get, "__kwdefaults__", {**outbound.get.__kwdefaults__, "time_limit": 0.2})
        embed = captured(tweet, platform, run_tasks, Reply(seconds_before=1))
        assert (embed.state, embed.failure[:27]) == (Embed.State.PENDING, "X did not answer in time. I")

    def test_trouble_passes_by_itself(self, tweet, platform, run_tasks):
        with time_machine.travel(dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC), tick=False) as clock:
            embed = captured(tweet, platform, run_tasks, Reply(status=503), "tweet.json")
            assert embed.state == Embed.State.PENDING
            clock.shift(60)
            run_tasks()
        embed.refresh_from_db()
        assert (embed.state, embed.failure) == (Embed.State.CAPTURED, "")

    def test_trouble_that_lasts_is_left_to_the_timer_and_raises_no_alarm(self, tweet, platform, run_tasks):
        with time_machine.travel(dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC), tick=False) as clock:
            embed = captured(tweet, platform, run_tasks, Reply(status=503))
            for _ in range(5):
                clock.shift(3600)
                run_tasks()
        embed.refresh_from_db()
        assert len(platform.requests) == snapshot.ATTEMPTS
        assert (embed.state, DBTaskResult.objects.get().status) == (Embed.State.PENDING, "SUCCESSFUL")

    def test_telegram_is_left_to_the_editor_without_asking(self, platform, run_tasks):
        embed = captured(recognise("https://t.me/harbour_news/120"), platform, run_tasks)
        assert embed.state == Embed.State.FAILED
        assert embed.failure == "Telegram tells other sites nothing about its posts. You can write the text in by hand."
        assert platform.requests == []

    def test_instagram_without_a_token_says_so(self, platform, run_tasks):
        embed = captured(recognise("https://www.instagram.com/p/CxYz_1-aBcD/"), platform, run_tasks, "instagram.json")
        assert "only to holders of an access token" in embed.failure
        assert platform.requests == []

    def test_instagram_with_a_token_is_asked(self, platform, run_tasks, settings):
        settings.META_OEMBED_TOKEN = "secret"
        embed = captured(recognise("https://www.instagram.com/p/CxYz_1-aBcD/"), platform, run_tasks, "instagram.json")
        assert embed.author_handle == "quay.pictures"
        assert platform.requests[0].query["access_token"] == "secret"

    def test_an_editor_may_ask_again(self, tweet, platform, run_tasks):
        embed = captured(tweet, platform, run_tasks, Reply(status=404))
        platform.replies("tweet", "tweet.json")
        snapshot.fetch_again(embed)
        run_tasks()
        embed.refresh_from_db()
        assert (embed.state, embed.failure) == (Embed.State.CAPTURED, "")

    def test_asking_again_in_vain_keeps_the_snapshot(self, tweet, platform, run_tasks):
        embed = captured(tweet, platform, run_tasks, "tweet.json")
        html = embed.html
        platform.replies("tweet", Reply(status=404))
        snapshot.fetch_again(embed)
        run_tasks()
        embed.refresh_from_db()
        assert embed.state == Embed.State.CAPTURED
        assert embed.failure.startswith("X says there is no such post.")
        assert embed.html == html

    def test_an_answer_without_words_leaves_the_words_of_an_earlier_one(self, tweet, platform, run_tasks):
        embed = captured(tweet, platform, run_tasks, "tweet.json")
        told = ("text", "links", "language", "author_name", "author_handle", "author_url", "raw_reply", "captured_at")
        before = {name: getattr(embed, name) for name in (*told, "html")}
        platform.replies("tweet", Reply(body=json.dumps({"author_name": embed.author_name}).encode()))
        snapshot.fetch_again(embed)
        run_tasks()
        embed.refresh_from_db()
        assert {name: getattr(embed, name) for name in before} == before
        assert embed.state == Embed.State.CAPTURED
        assert embed.failure == "X no longer tells what the post says. The words fetched before are kept."

    def test_new_words_take_the_place_of_old_ones(self, tweet, platform, run_tasks):
        embed = captured(tweet, platform, run_tasks, "tweet.json")
        Embed.objects.update(text="Old words", raw_reply="{}")
        platform.replies("tweet", "tweet.json")
        snapshot.fetch_again(embed)
        run_tasks()
        embed.refresh_from_db()
        assert embed.text.startswith("Ferries stop at noon.")
        assert (embed.failure, embed.raw_reply != "{}") == ("", True)

    def test_a_video_keeps_its_title_and_still_when_they_are_not_told_again(
        self, video, platform, run_tasks, settings, tmp_path
    ):
        settings.MEDIA_ROOT = tmp_path
        platform.replies("stills", Reply(body=jpeg(), content_type="image/jpeg"))
        embed = captured(video, platform, run_tasks, "youtube.json")
        still = embed.pictures.get().image
        platform.replies("youtube", Reply(body=json.dumps({"author_name": "Lock Keeper"}).encode()))
        snapshot.fetch_again(embed)
        run_tasks()
        embed.refresh_from_db()
        assert embed.title == "How a lock gate is lifted"
        assert embed.pictures.get().image == still
        assert f'data-image="{still.key}"' in embed.html

    def test_an_invented_post_is_never_asked_for(self, tweet, platform, run_tasks):
        embed = captured(tweet, platform, run_tasks, "tweet.json")
        embed.is_sample = True
        with pytest.raises(snapshot.NothingToFetch):
            snapshot.fetch_again(embed)

    def test_what_an_editor_wrote_is_never_fetched_over(self, tweet, platform, run_tasks):
        embed = captured(tweet, platform, run_tasks, Reply(status=404))
        Embed.objects.update(state=Embed.State.BY_HAND, text="By hand")
        embed.refresh_from_db()
        with pytest.raises(snapshot.NothingToFetch):
            snapshot.fetch_again(embed)
        platform.replies("tweet", "tweet.json")
        snapshot.capture(embed)
        embed.refresh_from_db()
        assert embed.text == "By hand"


class TestCapturingLater:
    """The command behind the timer."""

    @pytest.fixture
    def clock(self):
        with time_machine.travel(dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC), tick=False) as clock:
            yield clock

    def test_posts_that_no_worker_took_are_captured(self, transactional_db, tweet, platform, clock, capsys):
        platform.replies("tweet", "tweet.json")
        embed = snapshot.remember(tweet)
        call_command("capture_embeds")
        assert platform.requests == []
        clock.shift(dt.timedelta(minutes=11))
        call_command("capture_embeds")
        embed.refresh_from_db()
        assert embed.state == Embed.State.CAPTURED
        assert capsys.readouterr().out.endswith("1 captured.\n")

    def test_a_failure_is_believed_for_a_while_by_its_kind(self, tweet, platform, run_tasks, clock):
        captured(tweet, platform, run_tasks, Reply(status=404))
        clock.shift(dt.timedelta(hours=23))
        assert not catch_up.due().exists()
        clock.shift(dt.timedelta(hours=2))
        assert catch_up.due().count() == 1
        clock.shift(dt.timedelta(days=7))
        assert not catch_up.due().exists()

    def test_a_platform_in_trouble_is_asked_once_a_round(self, transactional_db, platform, clock):
        platform.replies("tweet", Reply(status=429))
        for number in range(1, 5):
            snapshot.remember(recognise(f"https://x.com/u/status/{number}"))
        clock.shift(dt.timedelta(minutes=11))
        call_command("capture_embeds")
        assert len(platform.requests) == 1

    def test_platforms_that_tell_nobody_are_never_due(self, platform, run_tasks, clock):
        captured(recognise("https://t.me/harbour_news/120"), platform, run_tasks)
        clock.shift(dt.timedelta(days=2))
        assert not catch_up.due().exists()


@pytest.mark.django_db
class TestOnThePage:
    def article_with(self, *addresses):
        body = "".join(f'<div data-embed="{address}"><a href="{address}">{address}</a></div>' for address in addresses)
        return factories.published(body=f"<p>Before</p>{body}<p>After</p>")

    def embed(self, number, **fields):
        row = snapshot.remember(recognise(f"https://x.com/u/status/{number}"))
        for name, value in {"text": f"Words {number}", "author_name": f"Author {number}", **fields}.items():
            setattr(row, name, value)
        row.save()
        snapshot.write_html(row)
        return row

    def test_a_snapshot_appears_without_rendering_the_article_again(self):
        article = self.article_with("https://x.com/u/status/12")
        rendered = article.body_html
        self.embed(12)
        article.refresh_from_db()
        assert article.body_html == rendered
        assert "Words 12" in Fragments.of(article).body

    def test_its_words_are_found_by_the_search(self):
        article = self.article_with("https://x.com/u/status/12")
        self.embed(12, text="Lighthouses everywhere")
        assert [hit.article for hit in search.find("lighthouses").hits] == [article]

    def test_a_quoted_post_is_nested_once(self):
        inner = self.embed(1, text="Innermost")
        middle = self.embed(2, quoted=inner)
        outer = self.embed(3, quoted=middle)
        assert "Words 2" in outer.html
        assert "Innermost" not in outer.html

    def test_two_posts_that_quote_each_other_end(self):
        one, two = self.embed(1), self.embed(2)
        one.quoted, two.quoted = two, one
        one.save()
        two.save()
        snapshot.write_html(one)
        one.refresh_from_db()
        assert one.html.count("<blockquote") == 2

    def test_correcting_a_quoted_post_corrects_the_quotation(self):
        inner = self.embed(1)
        outer = self.embed(2, quoted=inner)
        inner.text = "Corrected"
        inner.save()
        snapshot.write_html(inner)
        outer.refresh_from_db()
        assert "Corrected" in outer.html

    def test_a_thread_shows_its_parent_once(self):
        parent = self.embed(1, text="The beginning")
        self.embed(2, parent=parent)
        self.embed(3, parent=parent)
        article = self.article_with("https://x.com/u/status/2", "https://x.com/u/status/3")
        body = Fragments.of(article).body
        assert body.count("The beginning") == 1
        assert body.index("The beginning") < body.index("Words 2") < body.index("Words 3")
        assert "<!--" not in body

    def test_a_parent_that_stands_in_the_article_is_not_repeated(self):
        parent = self.embed(1, text="The beginning")
        self.embed(2, parent=parent)
        article = self.article_with("https://x.com/u/status/1", "https://x.com/u/status/2")
        assert Fragments.of(article).body.count("The beginning") == 1

    def test_pictures_of_a_post_stand_in_the_sizes_there_are(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        article = self.article_with("https://x.com/u/status/12")
        embed = self.embed(12)
        image = images.store(jpeg(), title="Still", alt="A ferry")
        EmbedPicture.objects.create(embed=embed, image=image)
        snapshot.write_html(embed)
        images.make_renditions(image)
        body = Fragments.of(article).body
        assert 'alt="A ferry"' in body
        assert "image/avif" in body
        render_article(article)
        assert "image/avif" in Fragments.of(article).body

    def test_words_that_were_blacked_out_are_not_fetched_back(self, editor):
        article = self.article_with("https://x.com/u/status/12")
        embed = self.embed(12, text="The secret name is here", raw_reply="secret name", state=Embed.State.CAPTURED)
        takedown.black_out(article, words="secret name", reason="A court", by=editor)
        embed.refresh_from_db()
        assert "secret" not in embed.text + embed.html + embed.raw_reply
        with pytest.raises(snapshot.NothingToFetch):
            snapshot.fetch_again(embed)

    def test_words_of_a_parent_are_blacked_out_too(self, editor):
        parent = self.embed(1, text="The secret name is here")
        self.embed(2, parent=parent)
        article = self.article_with("https://x.com/u/status/2")
        takedown.black_out(article, words="secret name", reason="A court", by=editor)
        assert "secret name" not in Fragments.of(Article.objects.get()).body

    def test_a_feed_gets_full_addresses_and_plain_pictures(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        article = self.article_with("https://x.com/u/status/12")
        embed = self.embed(12)
        EmbedPicture.objects.create(embed=embed, image=images.store(jpeg(), title="Still", alt="A ferry"))
        snapshot.write_html(embed)
        body = Fragments.of(article, for_feed=True).body
        assert f'src="{settings.SITE_URL}/media/' in body
        assert "srcset" not in body

    def test_an_invented_post_says_so_and_leads_nowhere(self):
        html = self.embed(12, is_sample=True).html
        assert "Sample: an invented post" in html
        assert "<a " not in html

    def test_a_post_of_two_lines_in_the_database_keeps_both(self):
        assert "one<br>\ntwo" in self.embed(12, text="one\ntwo").html


@pytest.mark.django_db
class TestDeciding:
    @pytest.fixture
    def embed(self, tweet):
        embed = snapshot.remember(tweet)
        embed.author_name, embed.author_handle, embed.text = "Harbour Desk", "harbour_desk", "Ferries stop"
        embed.save()
        snapshot.write_html(embed)
        return embed

    def test_text_only_hides_who_wrote_it(self, embed, editor):
        snapshot.decide(embed, choice="text_only", reason="Asked by mail", by=editor)
        assert "Ferries stop" in embed.html
        assert "arbour" not in embed.html
        assert "1232942413187452929" not in embed.html
        assert "We keep the words and no longer name their author." in embed.html

    def test_removed_leaves_no_word(self, embed, editor):
        article = factories.published(body=f'<p>Before</p><div data-embed="{TWEET}"></div>')
        assert "Ferries stop" in Fragments.of(article).body
        snapshot.decide(embed, choice="removed", reason="A court", by=editor)
        assert "Ferries" not in embed.html
        assert "Ferries" not in Fragments.of(Article.objects.get()).body
        assert search.find("ferries").hits == []

    def test_a_removed_quotation_leaves_a_line(self, embed, editor):
        outer = snapshot.remember(recognise("https://x.com/u/status/2"))
        outer.text, outer.quoted = "Look at this", embed
        outer.save()
        snapshot.write_html(outer)
        snapshot.decide(embed, choice="removed", reason="A court", by=editor)
        outer.refresh_from_db()
        assert "Ferries" not in outer.html
        assert "The post quoted here was removed." in outer.html

    def test_it_can_be_taken_back(self, embed, editor):
        before = embed.html
        snapshot.decide(embed, choice="removed", reason="A mistake", by=editor)
        snapshot.decide(embed, choice="keep", reason="It was the wrong post", by=editor)
        assert embed.html == before

    def test_every_decision_is_kept_with_its_reason(self, embed, editor):
        snapshot.decide(embed, choice="text_only", reason="  Asked\nby mail ", by=editor)
        decision = EmbedDecision.objects.get()
        assert (decision.choice, decision.reason, decision.made_by) == ("text_only", "Asked by mail", editor)

    def test_a_decision_needs_a_reason(self, embed, editor):
        with pytest.raises(ValidationError):
            snapshot.decide(embed, choice="removed", reason="  ", by=editor)
        embed.refresh_from_db()
        assert embed.choice == "keep"


def test_a_save_never_waits_for_a_platform(transactional_db, platform):
    platform.replies("youtube", Reply(seconds_before=2))
    article = factories.draft(body=f'<p>A</p><div data-embed="{VIDEO}"></div>')
    assert platform.requests == []
    assert "youtube.com/watch?v=aB3_x-9ZkLm" in Fragments.of(article).body
