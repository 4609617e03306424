"""The admin as an editors' desk: its own content policy, never stored by any cache, and a first page of what waits."""

from functools import wraps

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override

from articles.models import Masthead
from foundation import desk

# Tiptap injects this one style element; the hash belongs to the pinned version of django-prose-editor.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

POLICY = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, EDITOR_STYLE],
    "img-src": [CSP.SELF, *settings.MEDIA_ORIGINS, "data:", "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}


class Desk(AdminSite):
    index_template = "admin/desk.html"
    index_title = "Your desk"
    site_title = "desk"
    # The fields of an article want the width; what is used daily stands in a row above every page.
    enable_nav_sidebar = False
    daily = ("article", "comment", "image", "embed", "author", "tag", "page", "quarterbook", "backer", "payment")
    # A library's name for its rows tells an editor nothing.
    called = {"DBTaskResult": "Background work"}
    # What an editor needs most stands first. Apps under one name stand together; others come last.
    order = ("articles", "comments", "donations", "bottrap", "accounts", "auth", "foundation")

    def has_permission(self, request):
        """A code sent by mail makes a reader, of an editor too: the desk wants the password."""
        return super().has_permission(request) and not request.user.signed_in_by_code

    def admin_view(self, view, cacheable=False):
        return refuse_nul(default_policy(name_lists(super().admin_view(view, cacheable))))

    def each_context(self, request):
        context = super().each_context(request)
        return {**context, "site_header": Masthead.load().site_name, "shortcuts": self._shortcuts(request, context)}

    def get_app_list(self, request, app_label=None):
        """In the order of use, not of the alphabet; the page of one app shows all that stand under its name."""
        together = {}
        for app in sorted(super().get_app_list(request), key=self._place):
            first = together.setdefault(app["name"], {**app, "models": []})
            named = [{**model, "name": self.called.get(model["object_name"], model["name"])} for model in app["models"]]
            first["models"] = sorted(first["models"] + named, key=lambda model: model["name"])
        if app_label is None:
            return list(together.values())
        name = apps.get_app_config(app_label).verbose_name
        return [together[name]] if name in together else []

    def _place(self, app: dict) -> int:
        label = app["app_label"]
        return self.order.index(label) if label in self.order else len(self.order)

    def app_index(self, request, app_label, extra_context=None):
        title = apps.get_app_config(app_label).verbose_name
        return super().app_index(request, app_label, {"title": title, **(extra_context or {})})

    def _shortcuts(self, request, context) -> list[dict]:
        models = {
            model["model"]._meta.model_name: model
            for app in context["available_apps"]
            if app["app_label"] in ("articles", "comments", "donations")
            for model in app["models"]
        }
        found = [models[name] for name in self.daily if name in models]
        return [
            {
                "name": model["name"],
                "address": model["admin_url"],
                "is_current": request.path.startswith(model["admin_url"]),
            }
            for model in found
            if model["admin_url"]
        ]

    def index(self, request, extra_context=None):
        return super().index(request, {"panels": desk.panels_for(request), **(extra_context or {})})

    # The base class does not pass its login page through `admin_view`.
    @method_decorator([never_cache, csp_override(POLICY)])
    def login(self, request, extra_context=None):
        """The password; `accounts.staff` leads on from there."""
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        from accounts.staff.views import PasswordView

        context = {
            **self.each_context(request),
            "title": "Log in",
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
        }
        if "next" not in request.GET and "next" not in request.POST:
            context["next"] = reverse("admin:index")
        context.update(extra_context or {})
        request.current_app = self.name
        return PasswordView.as_view(extra_context=context)(request)

    def get_urls(self):
        """Addresses that belong to no model stand before the catch-all of the base class."""
        from accounts.staff import views as staff
        from articles.admin import embed_card, live, paste

        return [
            path("second-factor/", default_policy(staff.second_factor), name="second_factor"),
            path("second-factor/set-up/", default_policy(staff.set_up), name="second_factor_set_up"),
            path("my-sign-in/", self.admin_view(staff.my_sign_in), name="my_sign_in"),
            path("my-sign-in/recovery-codes/", self.admin_view(staff.recovery_codes), name="recovery_codes"),
            path("accounts/user/<int:user_id>/sessions/", self.admin_view(staff.sessions_of), name="sessions_of"),
            path("live/autosave/", self.admin_view(live.keep_autosave), name="autosave"),
            path("live/autosave/<int:article_id>/", self.admin_view(live.keep_autosave), name="autosave_of"),
            path("live/presence/<int:article_id>/", self.admin_view(live.heartbeat), name="presence"),
            path("live/token/", self.admin_view(live.form_token), name="form_token"),
            path("live/slug/", self.admin_view(live.slug_check), name="slug_check"),
            path("editor/paste/", self.admin_view(paste.clean_paste), name="editor_paste"),
            path("editor/embed/", self.admin_view(embed_card.embed_card), name="articles_embed_card"),
            *super().get_urls(),
        ]


def default_policy(view):
    """The desk's policy, unless the view chose one itself, as a preview with the public template does."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if not hasattr(response, "_csp_config"):
            response._csp_config = POLICY
        return response

    return wrapped


def name_lists(view):
    """The admin's own words, "Select section to change", say less than the name of what is there."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        context = getattr(response, "context_data", None) or {}
        shown = context.get("cl")
        if shown and context.get("title") == shown.title:
            context["title"] = capfirst(shown.opts.verbose_name_plural)
        return response

    return wrapped


def refuse_nul(view):
    """A NUL in a query reaches the database as a parameter, and PostgreSQL raises instead of finding nothing."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if any("\0" in text for _name, texts in request.GET.lists() for text in texts):
            raise BadRequest("The address contains a character that no address may contain.")
        return view(request, *args, **kwargs)

    return wrapped
