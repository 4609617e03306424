"""Old addresses that still lead somewhere. One that names an article follows it, so a chain cannot arise."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from articles.models.article import Article

begins_with_one_slash = RegexValidator(r"^/(?![/\\])", "An address on this site begins with one slash.")


class Redirect(models.Model):
    old_path = models.CharField(
        max_length=300,
        unique=True,
        validators=[begins_with_one_slash],
        help_text="With its query, if it has one: /?p=12",
    )
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="redirects")
    new_path = models.CharField(max_length=300, blank=True, validators=[begins_with_one_slash])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False, new_path="") | Q(article__isnull=True) & ~Q(new_path=""),
                name="a_redirect_leads_to_an_article_or_a_path",
                violation_error_message="Choose an article or write a new path, not both.",
            )
        ]

    def __str__(self):
        return self.old_path
