"""Everything under /support/."""

from django.urls import path

from donations.views import news

urlpatterns = [
    path("letters/stop/<str:token>/", news.stop_news, name="stop_news"),
]
