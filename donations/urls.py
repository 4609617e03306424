"""Everything under /support/."""

from django.urls import path

from donations.views import news
from donations.views.webhook import stripe_webhook

urlpatterns = [
    path("stripe/webhook/", stripe_webhook, name="stripe_webhook"),
    path("letters/stop/<str:token>/", news.stop_news, name="stop_news"),
]
