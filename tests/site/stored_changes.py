"""What may happen to the site of `stored_world`, and what each page then says or says no longer."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

from django.contrib import admin

from articles import editing, images, publishing, takedown
from articles.embeds import snapshot
from articles.models import Embed, Image
from comments import moderation, persons, readers
from comments.models import CommentSettings, Discussion
from donations import forgetting
from donations.admin.names import PublicNameAdmin
from donations.models import Currency, Intent, PublicName, QuarterBook
from donations.periods import next_quarter
from donations.views import manage_gifts
from foundation import clock
from tests import factories
from tests.comments import making
from tests.donations.stripe_facts import charge_of, gift, take_back
from tests.site.stored_world import HOUR, World


@dataclass(frozen=True)
class Change:
    """
    `shows` and `hides`: by page, words that were not there and are, or were and are not. `answers`: by page, the
    status afterwards. `is_gone`: words that are hidden are in no stored page, before anybody asks again. `spares`:
    pages that stay as they are stored.
    """

    make: Callable[[World], object]
    shows: dict[str, str]
    hides: dict[str, str]
    answers: dict[str, int]
    is_gone: bool = False
    spares: tuple[str, ...] = ()


def change(make, *, shows="", hides="", answers=None, is_gone=False, spares="") -> Change:
    """`shows` and `hides` as lines of a word and the pages on which it stands."""
    return Change(make, _lines(shows), _lines(hides), answers or {}, is_gone, tuple(spares.split()))


def _lines(told: str) -> dict[str, str]:
    found = {}
    for line in filter(None, map(str.strip, told.splitlines())):
        words, _, pages = line.rpartition(": ")
        found |= dict.fromkeys(pages.split(), words)
    return found


CARDS = "home section tag author month_archive neighbour relating"
FEEDS = "feed atom section_feed section_atom author_feed author_atom"
TALKS = "article comments_on comments_feed comments_feed_on"
STORIES = "article neighbour relating elsewhere withdrawn"
MONEY = (
    "home section tag author month_archive archive corrections page article_history article_version article neighbour"
    " relating elsewhere figures how backers"
)
PAPERS = f"home section tag author month_archive archive corrections page article_history article_version {STORIES}"
MONEY_PAGES = "figures how backers"


def set_and_save(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def save_text(world: World, **fields):
    for name, value in fields.items():
        setattr(world.story, name, value)
    editing.save(world.story, by=None, meaningful=True)


def publish_draft(world: World):
    publishing.publish(world.draft, by=None)


def move(world: World):
    publishing.move(world.story, by=None, year=2024, month=2, slug="another-harbour")


def edit_update(world: World):
    world.update.body = "<p>Rewritten</p>"
    publishing.edit_addendum(world.update, by=None)


def write_post(world: World):
    world.embed.refresh_from_db()
    world.embed.text = "Rephrased"
    world.embed.save()
    snapshot.write_html(world.embed)


def withhold_author_of_post(world: World):
    world.embed.refresh_from_db()
    snapshot.decide(world.embed, choice=Embed.Choice.TEXT_ONLY, reason="Asked for.", by=None)


def size_picture(world: World):
    images.renditions.make_renditions(Image.objects.get(pk=world.picture.pk))


def black_out(words: str):
    return lambda world: takedown.black_out(world.story, words=words, reason="By order.", by=None)


def edit_comment(world: World):
    set_and_save(CommentSettings.load(), mode="none_waits")
    moderation.edit(world.reply, "Reconsidered", by_commenter=world.reply.commenter)


def recommend(world: World):
    moderation.recommend(world.comment, readers.key_of(making.commenter()))


def rules_of_discussion(world: World):
    row = Discussion.objects.get(pk=world.story.pk)
    row.mode, row.closed_words = "closed", "Shuttered"
    admin.site.get_model_admin(Discussion).save_model(None, row, None, True)


def rules_of_all(world: World):
    set_and_save(CommentSettings.load(), mode="closed", closed_words="Shuttered")


def another_gift(world: World):
    gift(clock.now(), minor=9000, name="third", email="third@example.org")


def refund(world: World):
    take_back(charge_of(world.payment), clock.now())


def forget(world: World):
    """As if Stripe had been told."""
    with mock.patch.object(forgetting, "remove_at_stripe", return_value=[]):
        forgetting.forget(world.payment.backer)


def set_goal(world: World):
    QuarterBook.objects.create(livemode=False, quarter=next_quarter(), goal_minor=100_000)


def judge_name(status: str):
    def judge(world: World):
        desk = PublicNameAdmin(PublicName, admin.site)
        desk.log_change = lambda *told: None
        request = type("Request", (), {"_messages": type("Messages", (), {"add": lambda *told: None})()})()
        desk._judge(request, PublicName.objects.filter(pk=world.intent.pk), status, "")

    return judge


CHANGES = {
    "an article is published": change(
        publish_draft,
        shows=f"Freshly: {FEEDS} home section tag author month_archive neighbour relating news_sitemap article\n"
        "/freshly/: sitemap_month",
        spares="updates_poll elsewhere withdrawn figures robots comments_on",
    ),
    "an old article is published": change(
        lambda world: publishing.publish(world.draft, by=None, at=dt.datetime(2020, 3, 5, tzinfo=dt.UTC)),
        shows="/archive/2020/03/: archive\nsitemap-2020-03.xml: sitemap",
    ),
    "an article is edited": change(
        lambda world: save_text(world, headline="Telescope", body="<p>Haystack</p>"),
        shows=f"Telescope: article {CARDS} {FEEDS} article_history comments_feed comments_feed_on news_sitemap",
        spares="elsewhere withdrawn figures",
    ),
    "an article is withdrawn": change(
        lambda world: publishing.withdraw(world.story, by=None),
        hides=f"Kaleidoscope: article article_history article_version {CARDS} {FEEDS} comments_feed news_sitemap",
        answers={"article": 410, "updates_poll": 410, "article_history": 410, "comments_on": 404, "moved": 301},
        is_gone=True,
        spares="elsewhere figures robots",
    ),
    "an article comes back": change(
        lambda world: publishing.publish(world.withdrawn, by=None),
        shows="Retracted: withdrawn home month_archive feed atom",
        answers={"withdrawn": 200},
        spares="elsewhere updates_poll",
    ),
    "an article is put off": change(
        lambda world: publishing.reschedule(world.neighbour, by=None, at=clock.now() + HOUR),
        hides="Next door: home section month_archive feed neighbour article",
        answers={"neighbour": 404},
        is_gone=True,
    ),
    "an article moves": change(
        move,
        shows=f"another-harbour: {CARDS} {FEEDS} comments_feed",
        answers={"article": 301, "updates_poll": 301, "article_history": 301},
    ),
    "an update is added": change(
        lambda world: factories.addendum(world.story, kind="update", body="<p>Additionally</p>"),
        shows=f'Additionally: article updates_feed {FEEDS}\n"number": 3: updates_poll\n#update-3: home',
        spares="elsewhere figures",
    ),
    "an update is edited": change(
        edit_update, shows=f"Rewritten: article updates_feed article_history {FEEDS}", spares="elsewhere"
    ),
    "an update is hidden": change(
        lambda world: publishing.hide_addendum(world.update),
        hides=f"Updatable: article updates_feed {FEEDS}",
        is_gone=True,
        spares="elsewhere",
    ),
    "a correction is superseded": change(
        lambda world: publishing.supersede(world.correction, by_addendum=world.update),
        shows="addendum__superseded: article corrections",
    ),
    "an author is renamed": change(
        lambda world: set_and_save(world.author, name="Ines Renamed"),
        shows=f"Ines Renamed: article home section author {FEEDS}",
    ),
    "a portrait is taken away": change(
        lambda world: set_and_save(world.author, portrait=None),
        hides="{portrait}: article author",
        is_gone=True,
    ),
    "a tag is renamed": change(
        lambda world: set_and_save(world.tag, name="Aqueducts"), shows="Aqueducts: article tag feed"
    ),
    "a tag is deleted": change(
        lambda world: world.tag.delete(), hides="Bridgework: article tag feed", answers={"tag": 404}, is_gone=True
    ),
    "a section is renamed": change(
        lambda world: set_and_save(world.section, name="Peacetime"),
        shows=f"Peacetime: {PAPERS} {MONEY_PAGES} comments_on",
    ),
    "the site is renamed": change(
        lambda world: set_and_save(world.masthead, site_name="Beaconpost"),
        shows=f"Beaconpost: {PAPERS} {MONEY_PAGES} {FEEDS} comments_on updates_feed corrections_feed comments_feed"
        " comments_feed_on news_sitemap",
        spares="updates_poll robots",
    ),
    "the accent changes": change(
        lambda world: set_and_save(world.masthead, accent_colour="#005f73"),
        hides="{theme}: home article",
        answers={"theme": 302},
    ),
    "a link of the foot changes": change(
        lambda world: set_and_save(world.link, label="Legalese"), shows=f"Legalese: {PAPERS} {MONEY_PAGES}"
    ),
    "a page is edited": change(
        lambda world: set_and_save(world.page, body_html="<p>Novelty</p>"), shows="Novelty: page", spares="elsewhere"
    ),
    "a page is made private": change(
        lambda world: set_and_save(world.page, is_public=False),
        hides="Aboutness: page\n<loc>http://testserver/about-us/</loc>: sitemap_pages",
        answers={"page": 404},
        is_gone=True,
    ),
    "a redirect leads elsewhere": change(
        lambda world: set_and_save(world.redirect, article=world.neighbour),
        shows="next-door: moved",
        answers={"moved": 301},
    ),
    "a redirect goes": change(lambda world: world.redirect.delete(), answers={"moved": 404}),
    "words are taken down": change(
        black_out("Wagonload"), hides=f"Wagonload: article article_version {FEEDS}", is_gone=True
    ),
    "words are taken down from comments and posts": change(
        black_out("Remarkably"), hides=f"Remarkably: {TALKS}", is_gone=True
    ),
    "a post is written by hand": change(write_post, shows=f"Rephrased: article {FEEDS}", spares="elsewhere"),
    "the author of a post is withheld": change(
        withhold_author_of_post, hides=f"Tweeterson: article {FEEDS}", is_gone=True, spares="elsewhere"
    ),
    "a picture is described": change(
        lambda world: set_and_save(Image.objects.get(pk=world.picture.pk), alt="A panorama"),
        shows="A panorama: article",
        spares="elsewhere",
    ),
    "the sizes of a picture are made": change(size_picture, shows=".avif: article section"),
    "a comment is published": change(
        lambda world: moderation.approve(world.waiting, None),
        shows=f"Patiently: {TALKS}\n3 comments: home section relating neighbour",
        spares="elsewhere withdrawn archive feed figures corrections",
    ),
    "a comment is hidden": change(
        lambda world: moderation.hide(world.comment, None),
        hides=f"Remarkably: {TALKS}",
        shows="1 comment: home section relating neighbour",
        is_gone=True,
        spares="elsewhere archive feed",
    ),
    "a comment is withdrawn": change(
        lambda world: moderation.withdraw(world.reply, world.reply.commenter), hides=f"Replying: {TALKS}", is_gone=True
    ),
    "a comment is edited": change(edit_comment, shows=f"Reconsidered: {TALKS}"),
    "a comment is recommended": change(recommend, shows='comment__count">1<: article comments_on', spares="elsewhere"),
    "a person is erased": change(
        lambda world: persons.erase(world.writer, keeps_words=True), hides=f"Adalbert: {TALKS}", is_gone=True
    ),
    "a discussion is closed": change(rules_of_discussion, shows="Shuttered: article", spares="elsewhere archive"),
    "discussions are closed": change(rules_of_all, shows="Shuttered: article elsewhere neighbour"),
    "money arrives": change(
        another_gift,
        shows=f"3 of you: {MONEY}\n210: figures_csv figures_json",
        spares="feed atom updates_poll sitemap robots comments_feed theme",
    ),
    "money goes back": change(
        refund, shows=f"1 of you: {MONEY}", hides="Generosa: backers", spares="feed updates_poll"
    ),
    "a goal is set": change(set_goal, shows=f"goal of $1000: {MONEY}", spares="feed"),
    "a currency is offered": change(
        lambda world: set_and_save(Currency.objects.get(pk="EUR"), is_offered=False),
        hides="/support/eur/: home article",
        spares="feed",
    ),
    "a backer’s name is refused": change(
        judge_name(Intent.NameStatus.REJECTED), hides="Generosa: backers", is_gone=True, spares="home feed"
    ),
    "a backer takes back a name": change(
        lambda world: manage_gifts._keep(world.intent, {"show_name": False, "public_name": "", "message": ""}),
        hides="Generosa: backers",
        is_gone=True,
        spares="home feed",
    ),
    "a backer is forgotten": change(forget, hides="Generosa: backers", is_gone=True),
    "robots are told something else": change(
        lambda world: set_and_save(world.robot_rule, path="/elsewise/"),
        shows="/elsewise/: robots",
        spares="home article",
    ),
}
