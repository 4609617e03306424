"""
Addenda as rows of their article's form. Each row says what shall happen with it; the verbs of `publishing` do it.
What readers have seen keeps its number for ever, so such a row can be hidden or superseded and never deleted.
"""

import re

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.functional import cached_property
from django.utils.text import capfirst

from articles import html, publishing
from articles.admin.as_read import AsRead
from articles.admin.bylines import FollowsArticle
from articles.admin.carried import CarriedText
from articles.admin.times import SiteTimeField
from articles.admin.widgets import BodyFormField
from articles.difference import compare_html
from articles.editing import FieldDifference
from articles.models import Addendum, Article
from articles.models.addendum import new_addendum_key
from foundation import clock

KEY = re.compile(r"[0-9a-f]{32}")


class Act(models.TextChoices):
    KEEP = "keep", "leave it as it is"
    NOW = "now", "publish it now"
    LATER = "later", "publish it at …"
    HIDE = "hide", "hide it from readers"


class AddendumForm(forms.ModelForm):
    """`key` is known before the row is saved, so that a pointer in the text can name it."""

    key = CarriedText(required=False)
    body = BodyFormField(label="Text")
    act = forms.ChoiceField(label="On saving", choices=Act, initial=Act.KEEP, required=False, widget=forms.RadioSelect)
    publish_at = SiteTimeField(label="Publish at", required=False)
    replaces = forms.ModelChoiceField(
        label="Replaces the correction",
        queryset=Addendum.objects.none(),
        required=False,
        help_text="The older correction stays on the page and says that it was superseded.",
    )

    # Set by the inline on the class it makes for one request.
    may_publish = False

    class Meta:
        model = Addendum
        fields = ["key", "kind", "author", "body"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["key"] = self.instance.key
        self._offer_acts()
        if self.instance.is_permanent:
            self.fields["kind"].disabled = True
            self.fields["kind"].help_text = "A published correction stays a correction."

    def offer_to_replace(self, corrections: list[Addendum]) -> None:
        """`corrections` are those that readers see and nothing supersedes yet, read once for all rows."""
        others = [row for row in corrections if row.pk != self.instance.pk]
        field = self.fields["replaces"]
        if self.may_publish and others:
            field.queryset = Addendum.objects.filter(pk__in=[row.pk for row in others])
            field.choices = [("", field.empty_label), *((row.pk, str(row)) for row in others)]
        else:
            field.widget = forms.HiddenInput()

    def difference(self, *, is_deleted: bool) -> FieldDifference | None:
        """From the stored text to what was typed; None if they are the same."""
        before = self.initial.get("body", "")
        after = "" if is_deleted else html.clean_body(self["body"].value() or "")
        if before == after:
            return None
        name = capfirst(str(self.instance)) if self.instance.pk else "New update"
        return FieldDifference(name, compare_html(before, after))

    def clean_key(self):
        """The key of a saved row is fixed; a new one that is missing or malformed gets a fresh one."""
        key = self.cleaned_data["key"]
        if self.instance.pk:
            return self.instance.key
        return key if KEY.fullmatch(key) else new_addendum_key()

    def clean_body(self):
        body = self.cleaned_data["body"]
        if not html.plain_text(body) and "<img" not in body:
            raise ValidationError("Write what was added.")
        return body

    def clean(self):
        cleaned = super().clean()
        act, at = cleaned.get("act") or Act.KEEP, cleaned.get("publish_at")
        if act == Act.LATER and at is None:
            self.add_error("publish_at", "Choose the day and time at which readers shall see it.")
        if act == Act.LATER and at and at <= clock.now():
            self.add_error("publish_at", "This time has passed. Choose a later one, or publish it now.")
        is_published = self.instance.status == Addendum.Status.PUBLISHED or act in (Act.NOW, Act.LATER)
        if cleaned.get("replaces") and not is_published:
            self.add_error("replaces", "Only a published addendum can replace a correction. Choose when to publish it.")
        return cleaned

    def follow(self, *, by) -> None:
        """Carries out what the row asks for, after it was saved. Raises CannotPublish."""
        act = self.cleaned_data.get("act")
        if act == Act.NOW:
            publishing.publish_addendum(self.instance)
        elif act == Act.LATER:
            publishing.publish_addendum(self.instance, at=self.cleaned_data["publish_at"])
        elif act == Act.HIDE:
            publishing.hide_addendum(self.instance)
        if replaced := self.cleaned_data.get("replaces"):
            publishing.supersede(replaced, by_addendum=self.instance)

    def _offer_acts(self) -> None:
        acts = self._possible_acts()
        self.fields["act"].choices = [(act.value, self._label(act)) for act in acts]
        if len(acts) == 1:
            self.fields["act"].widget = forms.HiddenInput()
        if Act.LATER not in acts:
            self.fields["publish_at"].widget = forms.HiddenInput()

    def _possible_acts(self) -> list[Act]:
        if not self.may_publish:
            return [Act.KEEP]
        if self.instance.is_permanent:
            return [Act.KEEP]
        if self.instance.is_visible:
            return [Act.KEEP, Act.HIDE]
        may_hide = [Act.HIDE] if self.instance.status == Addendum.Status.PUBLISHED else []
        return [Act.KEEP, Act.NOW, Act.LATER, *may_hide]

    def _label(self, act: Act) -> str:
        if act == Act.KEEP and self.instance.status == Addendum.Status.DRAFT:
            return "keep it as a draft"
        return act.label


class AddendumFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.offer_to_replace(self._replaceable)
        if "DELETE" in form.fields and form.instance.number is not None:
            form.fields["DELETE"].disabled = True

    @cached_property
    def _replaceable(self) -> list[Addendum]:
        if self.instance.pk is None:
            return []
        return list(Addendum.objects.filter(article=self.instance, superseded_by=None).corrections().visible())

    def difference(self) -> list[FieldDifference]:
        """What saving these rows would change in the texts that are stored."""
        deleted = self.deleted_forms
        rows = [form.difference(is_deleted=form in deleted) for form in self.forms]
        return [row for row in rows if row]

    @property
    def has_unrendered_rows(self) -> bool:
        """After `save_rows`: a changed text was rendered when it was stored, a new or deleted one was not."""
        return bool(self.new_objects or self.deleted_objects)

    def save_rows(self, *, by) -> None:
        """Stores new, changed and deleted rows; nothing here changes what readers may see of a row, but its text."""
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        for form in self.forms:
            row = form.instance
            if self.can_delete and self._should_delete_form(form):
                if row.pk:
                    self.deleted_objects.append(row)
                    row.delete()
            elif row.pk is None and form.has_changed():
                row.article = self.instance
                row.save()
                self.new_objects.append(row)
            elif row.pk and form.has_changed():
                publishing.edit_addendum(row, by=by)
                self.changed_objects.append((row, form.changed_data))

    def follow_rows(self, *, by) -> list[str]:
        """Does what the rows ask for. Answers with a sentence for each that could not be done."""
        refusals = []
        for form in self.forms:
            if form.instance.pk is None:
                continue
            try:
                form.follow(by=by)
            except publishing.CannotPublish as refusal:
                refusals.append(f"{capfirst(str(form.instance))}: {' '.join(refusal.messages)}")
        return refusals


class AddendumInline(FollowsArticle, AsRead, admin.StackedInline):
    model = Addendum
    form = AddendumForm
    formset = AddendumFormSet
    template = "admin/articles/article/_addenda.html"
    verbose_name = "update"
    verbose_name_plural = "updates, corrections and notes"
    autocomplete_fields = ["author"]
    fields = ["key", ("kind", "author"), "body", "act", "publish_at", "replaces"]
    readonly_fields = ["body_as_read"]

    def get_fields(self, request, obj=None):
        may_change = obj is None or self.has_change_permission(request, obj)
        return self.fields if may_change else [("kind", "author"), "body_as_read"]

    def get_extra(self, request, obj=None, **kwargs):
        """“Add update” leads to the form with a fresh row open."""
        return 1 if request.GET.get("add") == "update" else 0

    def get_queryset(self, request):
        """As on the page, with what nobody saw yet at the end; databases differ about where nothing is sorted to."""
        rows = super().get_queryset(request).select_related("article")
        return rows.order_by(F("published_at").asc(nulls_last=True), "pk")

    def get_formset(self, request, obj: Article | None = None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.may_publish = request.user.has_perm("articles.publish_article")
        return formset
