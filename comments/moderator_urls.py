"""Where the links in moderators' letters lead. No login is asked for: each link is one moderator's own."""

from django.urls import path

from comments.views import by_letter

urlpatterns = [
    path("stop/<str:token>/", by_letter.stop_letters, name="stop_moderators_letters"),
    path("<str:token>/", by_letter.moderate, name="moderate_by_letter"),
]
