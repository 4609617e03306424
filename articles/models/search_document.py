"""What the search index holds: one row per text that becomes visible or hidden on its own."""

from django.db import models

from articles.models.addendum import Addendum
from articles.models.article import Article
from articles.models.embed import Embed
from articles.querysets import SearchDocumentQuerySet


class SearchDocument(models.Model):
    """
    An article's own words are one document; each addendum, and each post shown in either, are further ones. So an
    addendum is found from the second it is due, and a post that is taken down is not found any more, without anything
    being indexed again. Written by `articles.search` alone, which also keeps the database's own index over
    `headline`, `standfirst` and `words`.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    addendum = models.ForeignKey(
        Addendum, null=True, on_delete=models.CASCADE, related_name="+", help_text="The addendum it stands in."
    )
    embed = models.ForeignKey(
        Embed, null=True, on_delete=models.CASCADE, related_name="+", help_text="The post whose words these are."
    )
    quoted_in = models.ForeignKey(
        Embed,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The post that shows this one as quoted or answered.",
    )
    names_author = models.BooleanField(default=False, help_text="Holds who wrote the post, not what it says.")
    headline = models.TextField(blank=True)
    standfirst = models.TextField(blank=True)
    words = models.TextField(help_text="Without accents, case and punctuation; this is searched.")
    plain = models.TextField(help_text="As readers know it; excerpts are cut from this.")

    objects = SearchDocumentQuerySet.as_manager()

    def __str__(self):
        return self.plain[:60]
