"""Everything under /support/."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from donations.views import figures, news
from donations.views.webhook import stripe_webhook


def read_only(view):
    """Whoever writes here is told so (405), which is why it needs no token."""
    return csrf_exempt(view)


urlpatterns = [
    path("figures/", read_only(figures.figures), name="figures"),
    path("figures.csv", read_only(figures.figures_csv), name="figures_csv"),
    path("figures.json", read_only(figures.figures_json), name="figures_json"),
    path("how/", read_only(figures.how), name="how"),
    path("backers/", read_only(figures.backers), name="backers"),
    path("stripe/webhook/", stripe_webhook, name="stripe_webhook"),
    path("letters/stop/<str:token>/", news.stop_news, name="stop_news"),
]
