"""The promise every test that commits leans on: what migrations wrote is there, whatever ran before."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from donations.models import Currency


@pytest.mark.django_db(transaction=True)
def test_emptied_tables_hold_again_what_migrations_wrote():
    groups = {group.name: group.permissions.count() for group in Group.objects.all()}
    currencies = set(Currency.objects.values_list("code", "presets"))
    assert groups["Editor"]
    assert currencies
    call_command("flush", interactive=False, verbosity=0)
    assert {group.name: group.permissions.count() for group in Group.objects.all()} == groups
    assert set(Currency.objects.values_list("code", "presets")) == currencies
