"""No form of the admin writes rows of the classes that are meant to be read, whoever asks."""

import pytest
from django.contrib import admin

from comments.admin.base import ModerationAdmin
from donations.admin.base import MoneyAdmin
from donations.admin.names import NamesAdmin
from foundation.admin_base import HeadedAdmin, ReadOnlyAdmin
from tests import factories

pytestmark = pytest.mark.django_db
# Those that say so themselves, with a permission of their own.
SAY_SO = {
    ("backer", "change"),
    ("currency", "add"),
    ("currency", "change"),
    ("exchangerate", "add"),
    ("payment", "add"),
}


def of(base: type) -> list:
    return [found for found in admin.site._registry.values() if isinstance(found, base)]


def read_only():
    return of(ReadOnlyAdmin)


def test_the_areas_share_the_one_base():
    names = {found.opts.model_name for found in read_only()}
    assert {"letter", "logentry", "rightschange", "takedown", "comment", "payment", "dedication", "publicname"} <= names
    for area in (MoneyAdmin, ModerationAdmin, NamesAdmin):
        assert issubclass(area, ReadOnlyAdmin)


def test_nobody_adds_changes_or_deletes_through_the_admins_own_forms(rf):
    request = rf.get("/admin/")
    request.user = factories.editor()
    given = {
        (found.opts.model_name, verb)
        for found in read_only()
        for verb in ("add", "change", "delete")
        if getattr(found, f"has_{verb}_permission")(request)
    }
    assert given == SAY_SO


def test_lists_are_headed_by_what_is_in_them(client):
    client.force_login(factories.editor())
    for found in of(HeadedAdmin):
        page = client.get(f"/admin/{found.opts.app_label}/{found.opts.model_name}/", follow=True)
        assert page.status_code == 200, found
        assert "<h1>Select " not in page.text, found
