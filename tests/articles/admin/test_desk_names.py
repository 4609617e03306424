"""What stands where on the desk, and the words it is called by."""

import pytest

pytestmark = pytest.mark.django_db


def names_of_apps(response) -> list[str]:
    return [app["name"] for app in response.context["app_list"]]


def test_what_an_editor_needs_most_stands_first_and_each_name_once(editor_client):
    assert names_of_apps(editor_client.get("/admin/")) == [
        "Publishing",
        "Comments",
        "Backers and money",
        "Trap for robots",
        "People and permissions",
        "Behind the scenes",
    ]


def test_the_page_of_an_app_shows_all_that_stands_under_its_name(editor_client):
    for label in ("accounts", "auth"):
        page = editor_client.get(f"/admin/{label}/")
        assert page.context["title"] == "People and permissions"
        assert {model["name"] for app in page.context["app_list"] for model in app["models"]} >= {"Groups", "Users"}
    assert editor_client.get("/admin/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("articles/section", "Sections"),
        ("auth/group", "Groups"),
        ("comments/wordrule", "Word rules"),
        ("articles/article", "Articles"),
        ("comments/commenter", "People who comment"),
    ],
)
def test_lists_are_called_by_what_they_hold(editor_client, address, name):
    assert f"<h1>{name}</h1>" in editor_client.get(f"/admin/{address}/").text
