"""Every text that was saved: a list, the difference between any two, and bringing one back."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from articles import editing, html
from articles.admin.publication_pages import ArticlePages
from articles.difference import compare_html
from articles.editing import FieldDifference
from articles.models import Addendum, AddendumVersion, Article, Revision


class VersionPages(ArticlePages):
    def get_urls(self):
        return [
            self.page_of(self.versions_view, "versions/", "versions"),
            self.page_of(self.restore_view, "versions/<int:number>/restore/", "restore"),
            *super().get_urls(),
        ]

    def versions_view(self, request, object_id):
        """`?old=` and `?new=` choose two; without them the newest is compared with the one before it."""
        article = self.find(request, object_id, permission="articles.view_revision")
        revisions = list(article.revisions.select_related("created_by").defer("lead_note", "body"))
        old, new = chosen(request.GET, article, revisions)
        return self.page(
            request,
            article,
            "versions.html",
            "Versions",
            revisions=revisions,
            old=old,
            new=new,
            difference=editing.difference(old, new) if old and new else [],
            addenda=earlier_texts(article) if request.user.has_perm("articles.view_addendumversion") else [],
            may_restore=self.has_change_permission(request, article),
        )

    def restore_view(self, request, object_id, number):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.find(request, object_id, to_change=True)
        revision = get_object_or_404(Revision, article=article, number=number)
        meaningful = request.POST.get("weight") == "meaningful"
        editing.restore(revision, by=request.user, meaningful=meaningful)
        self.log_change(request, article, [{"changed": {"fields": [f"text of version {number} restored"]}}])
        messages.success(request, f"The text of version {number} is back. The newer versions are kept.")
        return HttpResponseRedirect(self.address_of(article, "change"))


@dataclass(frozen=True)
class EarlierText:
    """What an addendum said until it was replaced, and what the text that replaced it changed."""

    version: AddendumVersion
    text: str
    difference: list[FieldDifference]


def earlier_texts(article: Article) -> list[tuple[Addendum, list[EarlierText]]]:
    """The addenda whose text was replaced, each with its earlier texts, newest first."""
    versions = AddendumVersion.objects.select_related("replaced_by").order_by("-replaced_at", "-pk")
    rows = article.addenda.prefetch_related(Prefetch("earlier_versions", versions)).oldest_first()
    return [(addendum, replaced(addendum)) for addendum in rows if addendum.earlier_versions.all()]


def replaced(addendum: Addendum) -> list[EarlierText]:
    found, newer = [], addendum.body
    for version in addendum.earlier_versions.all():
        changed = [FieldDifference("Text", compare_html(version.body, newer))] if version.body != newer else []
        found.append(EarlierText(version, html.plain_text(version.body), changed))
        newer = version.body
    return found


def chosen(query, article: Article, revisions: list[Revision]) -> tuple[Revision | None, Revision | None]:
    numbers = [revision.number for revision in revisions]
    old = query.get("old", numbers[1] if len(numbers) > 1 else None)
    new = query.get("new", numbers[0] if numbers else None)
    return _revision(article, old), _revision(article, new)


def _revision(article: Article, number) -> Revision | None:
    if number is None:
        return None
    if not str(number).isdecimal() or len(str(number)) > 9:
        raise Http404("No such version.")
    return get_object_or_404(Revision, article=article, number=number)
