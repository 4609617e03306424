"""An article as readers would see it: at the desk, and by links that are handed to somebody outside."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from articles import previews
from articles.admin.publication_pages import ArticlePages

DAYS = [(1, "a day"), (3, "three days"), (7, "a week"), (30, "a month")]


class PreviewLinkForm(forms.Form):
    label = forms.CharField(max_length=120, required=False)
    days = forms.TypedChoiceField(choices=DAYS, coerce=int)


class PreviewPages(ArticlePages):
    def get_urls(self):
        return [
            self.page_of(self.preview_view, "preview/", "preview"),
            self.page_of(self.link_create_view, "preview-links/", "preview_link"),
            self.page_of(self.link_revoke_view, "preview-links/<int:link_id>/revoke/", "preview_revoke"),
            *super().get_urls(),
        ]

    def preview_view(self, request, object_id):
        """With the public template and the public policy: what an editor sees here is what readers will see."""
        return previews.page(request, self.find(request, object_id, permission="articles.view_addendum"))

    def link_create_view(self, request, object_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.find(request, object_id, permission="articles.add_previewlink", to_change=True)
        form = PreviewLinkForm(request.POST)
        if form.is_valid():
            lasts = dt.timedelta(days=form.cleaned_data["days"])
            previews.create(article, by=request.user, lasts=lasts, label=form.cleaned_data["label"])
            messages.success(request, "The link is made. Copy it from the list of preview links.")
        else:
            messages.error(request, "Say for how long the link shall work, and for whom in at most 120 characters.")
        return self._back(article)

    def link_revoke_view(self, request, object_id, link_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.find(request, object_id, permission="articles.change_previewlink", to_change=True)
        previews.revoke(get_object_or_404(article.preview_links, pk=link_id))
        messages.success(request, "The link opens nothing any more.")
        return self._back(article)

    def _back(self, article):
        return HttpResponseRedirect(self.address_of(article, "change") + "#preview-links")
