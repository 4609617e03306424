"""What surrounds the fields of an article's form: who else is here, what was not saved, what was refused and why."""

from django.http import QueryDict
from django.urls import reverse

from articles import autosave, editing, presence, previews
from articles.models import Article, Autosave


def desk_context(model_admin, request, form, addenda, article: Article | None) -> dict:
    """`addenda` is their formset, or None for somebody who may not see them."""
    is_bound = request.method == "POST"
    return {
        "stage": article.stage if article else "draft",
        "article": article,
        "may_publish": model_admin.has_publish_permission(request),
        "may_change": model_admin.has_change_permission(request, article)
        if article
        else model_admin.has_add_permission(request),
        "others": presence.others(article, request.user) if article else [],
        "unsaved": [] if is_bound else offers(request.user, article),
        "restored": getattr(request, "restored", None),
        "conflict": conflict_of(form, addenda) if form.conflict else None,
        "links": preview_links(article) if article else [],
        "addresses": addresses(article),
    }


def offers(user, article: Article | None) -> list[dict]:
    """Texts that were typed into this form and not saved, each with what it would change."""
    if article:
        found = autosave.find(user, article)
        rows = [found] if found else []
    else:
        rows = list(autosave.unsaved_of(user).filter(article=None)[:5])
    return [{"row": row, "difference": editing.difference(article or Article(), typed_article(row))} for row in rows]


def typed_article(row: Autosave) -> Article:
    """The kept text as an unsaved article, for comparison alone."""
    fields = QueryDict(mutable=True)
    for name, texts in row.data.items():
        fields.setlist(name, texts)
    return Article(**{name: fields.get(name, "") for name in editing.VERSIONED})


def faults(form, formsets) -> list[dict]:
    """Each refused field, in the order of the form, for links that lead to it."""
    rows = [form, *(row for formset in formsets for row in formset.forms)]
    return [
        {"id": field.auto_id, "label": field.label, "words": " ".join(field.errors)}
        for row in rows
        for field in row
        if field.errors
    ]


def conflict_of(form, addenda) -> dict:
    return {
        "current": form.conflict,
        "by": form.conflict.edited_by or "Somebody",
        "new_stage": form.new_stage,
        "difference": form.difference_from(form.conflict) + (addenda.difference() if addenda else []),
    }


def preview_links(article: Article) -> list[dict]:
    links = article.preview_links.select_related("created_by")[:10]
    return [{"row": link, "is_open": previews.is_open(link), "address": previews.address(link)} for link in links]


def addresses(article: Article | None) -> dict[str, str]:
    return {
        "autosave": reverse("admin:autosave_of", args=[article.pk]) if article else reverse("admin:autosave"),
        "slug": reverse("admin:slug_check"),
        "token": reverse("admin:form_token"),
        "presence": reverse("admin:presence", args=[article.pk]) if article else "",
    }
