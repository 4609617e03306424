"""
How a snapshot looks: its fields as one labelled figure, which loads nothing from anybody. Pictures stand in it as the
placeholders that `articles.fragments` fills, so they are always shown in the sizes there are.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from articles.dates import day, day_and_time
from articles.embeds.answers import names_media
from articles.embeds.providers import player_address, provider_named
from articles.embeds.wording import paragraphs, shown_address
from articles.html import is_right_to_left
from articles.models import Embed, Image


def figure_html(embed: Embed) -> str:
    """The complete fragment for `Embed.html`."""
    post = ShownPost(embed)
    template = "articles/embeds/_post.html" if post.text else "articles/embeds/_card.html"
    quoted = ShownPost(embed.quoted) if embed.quoted_id else None
    parent = ShownPost(embed.parent) if embed.parent_id and post.text else None
    html = render_to_string(template, {"post": post, "quoted": quoted, "parent": parent})
    return re.sub(r"\n\s*\n", "\n", html.strip())


@dataclass
class ShownPost:
    """What readers may see of one post, after what its editors decided."""

    embed: Embed

    def __post_init__(self):
        embed = self.embed
        self.provider = provider_named(embed.provider)
        self.site = self.provider.site
        self.key = embed.key
        self.is_removed = embed.choice == Embed.Choice.REMOVED
        self.is_text_only = embed.choice == Embed.Choice.TEXT_ONLY
        self.is_sample = embed.is_sample
        self.language = embed.language
        self.direction = "rtl" if is_right_to_left(embed.text or embed.title) else "ltr"
        self.text = SafeString("") if self.is_removed else paragraphs(embed.text, embed.links)
        self.title = "" if self.is_removed else embed.title

    @property
    def names_author(self) -> bool:
        return not (self.is_removed or self.is_text_only)

    @property
    def author(self) -> str:
        return self.embed.author_name if self.names_author else ""

    @property
    def handle(self) -> str:
        return self.embed.author_handle if self.names_author else ""

    @property
    def address(self) -> str:
        """Where the original stands. Text only means that it does not lead to its author."""
        return self.embed.url if self.names_author else ""

    @property
    def leads_to_original(self) -> bool:
        """An invented post has no original, and its address might be somebody's."""
        return bool(self.address) and not self.is_sample

    @cached_property
    def pictures(self) -> list[Image]:
        return [row.image for row in self.embed.pictures.select_related("image")] if self.names_author else []

    @property
    def has_unseen_media(self) -> bool:
        told = any(names_media(link.get("text", "")) for link in self.embed.links)
        return told and self.names_author and not self.pictures

    @property
    def posted(self) -> str:
        """As the platform tells it: the minute, or only the day."""
        if self.embed.posted_at:
            return day_and_time(self.embed.posted_at)
        return date_format(self.embed.posted_on, "j F Y") if self.embed.posted_on else ""

    @property
    def posted_machine(self) -> str:
        if self.embed.posted_at:
            return self.embed.posted_at.isoformat(timespec="seconds")
        return self.embed.posted_on.isoformat() if self.embed.posted_on else ""

    @property
    def kind(self) -> str:
        """Video on YouTube, Post on X."""
        return "Video" if self.provider.is_video else "Post"

    @property
    def label(self) -> str:
        """What a screen reader announces before the words."""
        author = self.author or (f"@{self.handle}" if self.handle else "")
        parts = [f"{self.kind} on {self.site}", f"by {author}" if author else ""]
        return " ".join(filter(None, parts)) + (f", {self.posted}" if self.posted else "")

    @property
    def name(self) -> str:
        """What a card is called: a video's title, else the address, since nothing more is known yet."""
        return self.title or (shown_address(self.embed.url) if self.leads_to_original else "")

    @property
    def note(self) -> str:
        """Said when the original can no longer be seen: since when, and how old our copy is."""
        if self.embed.availability == Embed.Availability.AVAILABLE or self.embed.unavailable_since is None:
            return ""
        state = self.embed.get_availability_display()
        since = day(self.embed.unavailable_since)
        copied = f" This is the copy we kept on {day(self.embed.captured_at)}." if self.embed.captured_at else ""
        return f"{state[0].upper()}{state[1:]} on {self.site} since {since}.{copied}"

    @property
    def can_play(self) -> bool:
        """A video whose original stands, which our own `/play/` page can show."""
        is_there = self.embed.availability == Embed.Availability.AVAILABLE
        has_player = player_address(self.embed.provider, self.embed.external_id) is not None
        return is_there and has_player and self.leads_to_original
