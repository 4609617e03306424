"""Pages of one article where something is asked before it is done: withdrawing it, moving it to another address."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import slugify

from articles import publishing
from articles.models import Article


class ArticlePages:
    """What every page beside an article's form needs. Mixed into `ArticleAdmin` through the classes that use it."""

    def page_of(self, view, route: str, name: str):
        address = f"<int:object_id>/{route}"
        return path(address, self.admin_site.admin_view(view), name=f"articles_article_{name}")

    def address_of(self, article: Article, name: str, *args) -> str:
        return reverse(f"admin:articles_article_{name}", args=[article.pk, *args])

    def find(self, request, object_id: int, *, permission: str = "", to_change: bool = False) -> Article:
        """The article, if this person may see it and holds `permission`."""
        article = self.get_queryset(request).select_related("edited_by", "section").filter(pk=object_id).first()
        if article is None:
            raise Http404("No such article.")
        allowed = self.has_change_permission if to_change else self.has_view_or_change_permission
        if not allowed(request, article) or (permission and not request.user.has_perm(permission)):
            raise PermissionDenied
        return article

    def page(self, request, article: Article, template: str, title: str, **context):
        return TemplateResponse(
            request,
            f"admin/articles/article/{template}",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "article": article,
                "title": title,
                "subtitle": article.headline,
                **context,
            },
        )


def outside(what: str, lowest: int, highest: int) -> dict[str, str]:
    words = f"{what} is a number from {lowest} to {highest}."
    return {"min_value": words, "max_value": words, "invalid": words}


class AddressForm(forms.Form):
    year = forms.IntegerField(min_value=1900, max_value=2199, error_messages=outside("A year", 1900, 2199))
    month = forms.IntegerField(min_value=1, max_value=12, error_messages=outside("A month", 1, 12))
    slug = forms.CharField(label="Words", max_length=100, help_text="Small letters, figures and hyphens.")

    def clean_slug(self):
        """Whoever writes words gets them as an address has them, and sees in the message what became of them."""
        slug = slugify(self.cleaned_data["slug"])
        if not slug:
            raise forms.ValidationError("Write at least one letter or figure of the Latin alphabet.")
        return slug


class PublicationPages(ArticlePages):
    def get_urls(self):
        return [
            self.page_of(self.withdraw_view, "withdraw/", "withdraw"),
            self.page_of(self.move_view, "move/", "move"),
            *super().get_urls(),
        ]

    def withdraw_view(self, request, object_id):
        article = self.find(request, object_id, permission="articles.publish_article", to_change=True)
        if request.method == "POST" and self._did(request, lambda: publishing.withdraw(article, by=request.user)):
            self.log_change(request, article, [{"changed": {"fields": ["withdrawn"]}}])
            messages.success(request, "Withdrawn. Its address now says that it was withdrawn.")
            return HttpResponseRedirect(self.address_of(article, "change"))
        return self.page(request, article, "withdraw.html", "Withdraw from the site")

    def move_view(self, request, object_id):
        article = self.find(request, object_id, permission="articles.publish_article", to_change=True)
        if article.public_path is None:
            messages.error(request, "It has no address yet. It gets one when it is published.")
            return HttpResponseRedirect(self.address_of(article, "change"))
        year, month, slug = article.public_path.split("/")
        form = AddressForm(request.POST or None, initial={"year": year, "month": int(month), "slug": slug})

        def move():
            publishing.move(article, by=request.user, **form.cleaned_data)

        if request.method == "POST" and form.is_valid() and self._did(request, move):
            self.log_change(request, article, [{"changed": {"fields": ["address"]}}])
            messages.success(request, f"Moved to {article.get_absolute_url()}. The old address leads there.")
            return HttpResponseRedirect(self.address_of(article, "change"))
        return self.page(request, article, "move.html", "Change the address", form=form)

    def _did(self, request, verb) -> bool:
        try:
            verb()
        except publishing.CannotPublish as refusal:
            messages.error(request, " ".join(refusal.messages))
            return False
        return True
