"""People are made and changed at the desk under their e-mail address."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db
ADD = "/admin/accounts/user/add/"
PASSWORDS = {"usable_password": "true", "password1": "correct horse battery", "password2": "correct horse battery"}


def test_a_person_is_added_and_signs_in_by_e_mail(editor_client, client):
    form = forms.open_form(editor_client, ADD, "user_form")
    forms.post(editor_client, ADD, form, "_save", email="Nadia@Example.org", name="Nadia", **PASSWORDS)
    user = User.objects.get(email="nadia@example.org")
    path = f"/admin/accounts/user/{user.pk}/change/"
    form = forms.open_form(editor_client, path, "user_form")
    forms.post(editor_client, path, form, "_save", is_staff="on", groups=[str(Group.objects.get(name="Editor").pk)])
    client.logout()
    answer = client.post("/admin/login/", {"username": "nadia@example.org", "password": PASSWORDS["password1"]})
    assert answer.status_code == 302
    assert client.get("/admin/articles/article/").status_code == 200


def test_two_people_cannot_share_an_address(editor_client, editor):
    form = forms.open_form(editor_client, ADD, "user_form")
    response = forms.post(editor_client, ADD, form, "_save", email=editor.email.upper(), **PASSWORDS)
    assert "Somebody with this address exists already" in forms.text_of(response)


def test_a_weak_password_is_refused(editor_client):
    form = forms.open_form(editor_client, ADD, "user_form")
    weak = {"usable_password": "true", "password1": "1234", "password2": "1234"}
    assert "too short" in forms.text_of(forms.post(editor_client, ADD, form, "_save", email="n@example.org", **weak))
    assert not User.objects.filter(email="n@example.org").exists()
