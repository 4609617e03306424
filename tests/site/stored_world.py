"""A site with one of everything, its public pages by the names of their views."""

import datetime as dt

from django.urls import reverse

from articles import images, theme
from articles.embeds import providers, snapshot
from articles.models import Embed, FooterLink, Masthead, Page, Redirect, Revision
from bottrap import arming
from bottrap.models import CrawlRule
from donations.models import Intent
from foundation import clock
from tests import factories
from tests.articles.images import files
from tests.comments import making
from tests.donations.stripe_facts import gift

HOUR = dt.timedelta(hours=1)
POST = "https://x.com/somebody/status/1233333333333333333"


class World:
    def __init__(self):
        self.masthead = Masthead.load()
        self.masthead.site_name = "Lanternpost"
        self.masthead.save()
        self.link = FooterLink.objects.create(masthead=self.masthead, label="Imprintish", address="/about-us/")
        self.section, self.tag = factories.section(name="Warfare"), factories.tag(name="Bridgework")
        self.portrait = images.store(files.encoded(files.picture()), title="A face")
        self.author = factories.author(name="Ines Quillfeather", portrait=self.portrait)
        self.embed = self._post()
        story = {"section": self.section, "authors": [self.author], "tags": [self.tag]}
        self.story = factories.published(
            headline="Kaleidoscope", standfirst="Standing", body=f'<p>Wagonload</p><div data-embed="{POST}"></div>',
            at=clock.now() - 5 * HOUR, **story,
        )  # fmt: skip
        self.picture = images.store(files.encoded(files.picture(size=(700, 400))), title="View", alt="A viewpoint")
        self.story.lead_image = self.picture
        self.story.save()
        self.correction = factories.addendum(self.story, kind="correction", body="<p>Correctly</p>")
        self.update = factories.addendum(self.story, kind="update", body="<p>Updatable</p>")
        self.neighbour = factories.published(section=self.section, headline="Next door", at=clock.now() - 6 * HOUR)
        self.relating = factories.published(headline="Relating", at=clock.now() - 7 * HOUR)
        self.relating.related.set([self.story])
        self.elsewhere = factories.published(headline="Elsewhere", at=clock.now() - 8 * HOUR)
        self.withdrawn = factories.withdrawn(headline="Retracted", at=clock.now() - 9 * HOUR)
        self.draft = factories.draft(headline="Freshly", **story)
        self.relating.related.add(self.draft)
        self.page = Page.objects.create(title="About", slug="about-us", body="<p>a</p>", body_html="<p>Aboutness</p>")
        self.redirect = Redirect.objects.create(old_path="/old-harbour/", article=self.story)
        self._discuss()
        self._give()
        arming.note_forbidden()  # as the first reading of robots.txt does

    def _post(self) -> Embed:
        embed = snapshot.remember(providers.recognise(POST))
        embed.state, embed.text, embed.author_name = Embed.State.BY_HAND, "Postscript", "Tweeterson"
        embed.save()
        snapshot.write_html(embed)
        return embed

    def _discuss(self):
        self.writer = making.commenter(name="Adalbert")
        self.comment = making.public(self.story, commenter=self.writer, source="Remarkably")
        self.reply = making.public(self.story, parent=self.comment, source="Replying")
        self.waiting = making.waiting(self.story, source="Patiently")

    def _give(self):
        self.payment = gift(clock.now(), minor=5000, name="first")
        gift(clock.now(), minor=7000, name="second", email="second@example.org")
        self.intent = self.payment.intent
        self.intent.public_name, self.intent.name_status = "Generosa", Intent.NameStatus.APPROVED
        self.intent.save()
        self.robot_rule = CrawlRule.objects.create(agent="*", verdict=CrawlRule.Verdict.DISALLOW, path="/secretly/")

    def pages(self) -> dict[str, str]:
        """An address for each view, under its name, and further ones."""
        parts = self.story.public_path.split("/")
        version = Revision.objects.filter(article=self.story, was_published=True).order_by("number").first()
        slugs = {"section": self.section.slug, "author": self.author.slug, "tag": self.tag.slug}
        kinds = [("section", "section"), ("section_feed", "section"), ("section_atom", "section"), ("tag", "tag")]
        kinds += [("author", "author"), ("author_feed", "author"), ("author_atom", "author")]
        plain = (
            "home", "archive", "corrections", "feed", "atom", "updates_feed", "corrections_feed", "sitemap",
            "sitemap_pages", "news_sitemap", "comments_feed", "figures", "figures_csv", "figures_json", "how",
            "backers", "robots",
        )  # fmt: skip
        return {
            **{name: reverse(name) for name in plain},
            **{name: reverse(name, args=[slugs[kind]]) for name, kind in kinds},
            "article": self.story.get_absolute_url(),
            "updates_poll": reverse("updates_poll", args=parts),
            "article_history": reverse("article_history", args=parts),
            "article_version": reverse("article_version", args=[*parts, version.number]),
            "month_archive": reverse("month_archive", args=parts[:2]),
            "sitemap_month": reverse("sitemap_month", args=parts[:2]),
            "theme": reverse("theme", args=[theme.fingerprint(self.masthead.accent_colour)]),
            "page": self.page.get_absolute_url(),
            "comments_on": f"{reverse('comments_on', args=[self.story.uid])}?sort=newest",
            "comments_feed_on": reverse("comments_feed_on", args=[self.story.uid]),
            "neighbour": self.neighbour.get_absolute_url(),
            "relating": self.relating.get_absolute_url(),
            "elsewhere": self.elsewhere.get_absolute_url(),
            "withdrawn": self.withdrawn.get_absolute_url(),
            "moved": "/old-harbour/",
            "numbered": "/?before=" + str(self.story.pk),
        }
