"""Who may sign how."""

import pytest

from accounts.models import User
from articles.models import Masthead
from comments import names
from comments.findings import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people():
    Masthead.objects.update_or_create(pk=1, defaults={"site_name": "The Daily Owl"})
    factories.author(name="Jane Doe")
    factories.author(name="Björn Müller")
    factories.editor(name="Nora North")


@pytest.mark.parametrize(
    "name",
    ["Ada Lovelace", "José", "李雷", "Ольга", "عمر", "x", "J. Doe", "Jane", "Doe Jane", "Max Editor", "Edith",
     "Moderata", "Staffan", "Owl lover", "R2-D2", "O’Neil", "Daily reader", "Jane Doey", "The author of my own life"],
)  # fmt: skip
def test_people_sign_as_they_are_called(name):
    assert names.checked(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    [
        "Jane Doe", "jane doe", "JANE  DOE", "Jane-Doe", "jane.doe", "J a n e D o e", "Jаne Dоe", "Jane D0e",
        "Ｊａｎｅ Ｄｏｅ", "𝐉𝐚𝐧𝐞 𝐃𝐨𝐞", "Jané Doe", "ᴊane doe", "Björn Müller", "Bjorn Muller", "Nora North",
        "N0ra North", "Nога North",
        "The Daily Owl", "the daily 0wl", "TheDailyOwl", "Editor", "editors", "The Editor", "ADMIN", "Аdmin",
        "Adm1n", "admln", "Moderator", "rnoderator", "Moderator of The Daily Owl", "Daily Owl Staff",
        "Official Moderator", "m o d e r a t o r", "The Moderators", "Author", "Webmaster",
        "Site Admin", "Editor in chief",
    ],
)  # fmt: skip
def test_nobody_signs_as_somebody_who_works_here(name):
    with pytest.raises(Refused, match="works here") as refusal:
        names.checked(name)
    assert refusal.value.field == "name"


def test_names_that_an_editor_reserved_are_taken():
    reserved = "\nQueen Victoria\n \nA. Ghost"
    assert names.checked("Victoria", reserved=reserved)
    for name in ("queen victoria", "A Ghost"):
        with pytest.raises(Refused, match="works here"):
            names.checked(name, reserved=reserved)


def test_authors_and_staff_sign_with_their_own_names_when_signed_in():
    author = User.objects.create_user("jane@example.org")
    factories.author(name="June Day", user=author)
    assert names.checked("June Day", user=author) == "June Day"
    with pytest.raises(Refused):
        names.checked("Nora North", user=author)
    assert names.checked("Nora North", user=User.objects.get(name="Nora North"))


def test_a_colleague_s_login_that_was_taken_away_earns_nothing():
    left = factories.editor(name="Lee Left", is_active=False)
    with pytest.raises(Refused):
        names.checked("Jane Doe", user=left)


@pytest.mark.parametrize(
    "name",
    ["", "  ", "…", "\u00ad", "x" * 61, "a\u202eb", "a\u200bb", "a\u200fb", "a\u2067b\u2069", "Z" + "\u0301" * 9,
     "a\x00b", "http://a.org", "Buy at https://a.org", "www.a.org"],
)  # fmt: skip
def test_a_name_must_be_one(name):
    with pytest.raises(Refused) as refusal:
        names.checked(name)
    assert refusal.value.field == "name"


def test_a_name_is_stored_on_one_line():
    assert names.checked("Ada\n\t Lovelace ") == "Ada Lovelace"
