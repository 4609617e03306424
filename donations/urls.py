"""Everything under /support/."""

from django.urls import include, path, register_converter
from django.views.decorators.csrf import csrf_exempt

from donations.converters import CurrencyConverter
from donations.views import (
    dedications,
    figures,
    manage,
    manage_gifts,
    manage_new,
    manage_pledges,
    news,
    support,
    thanks,
)
from donations.views.webhook import stripe_webhook

register_converter(CurrencyConverter, "currency")


def read_only(view):
    """Whoever writes here is told so (405), which is why it needs no token."""
    return csrf_exempt(view)


# A backer's own pages. The link by letter comes last, since its token may look like anything.
managed = [
    path("", manage.manage, name="manage"),
    path("leave/", manage.manage_leave, name="manage_leave"),
    path("pledges/", manage_pledges.pledges, name="manage_pledges"),
    path("pledges/<int:number>/amount/", manage_pledges.amount, name="manage_amount"),
    path("pledges/<int:number>/end/", manage_pledges.cancel, name="manage_cancel"),
    path("pledges/<int:number>/keep/", manage_pledges.keep, name="manage_keep"),
    path("pledges/<int:number>/pause/", manage_pledges.pause, name="manage_pause"),
    path("pledges/<int:number>/resume/", manage_pledges.resume, name="manage_resume"),
    path("pledges/<int:number>/currency/", manage_new.currencies, name="manage_currencies"),
    path("pledges/<int:number>/currency/<currency:code>/", manage_new.currency, name="manage_currency"),
    path("card/<int:number>/", manage_pledges.card, name="manage_card"),
    path("new/<currency:code>/", manage_new.new, name="manage_new"),
    path("history/", manage_gifts.history, name="manage_history"),
    path("history/<int:number>/receipt/", manage_gifts.receipt, name="manage_receipt"),
    path("names/<uuid:intent_id>/", manage_gifts.name, name="manage_name"),
    path("names/<uuid:intent_id>/hide/", dedications.hide, name="manage_dedication_hide"),
    path("export.json", manage_gifts.export, name="manage_export"),
    path("<str:token>/", manage.manage_link, name="manage_link"),
]

urlpatterns = [
    path("", support.support, name="support"),
    path("thanks/", thanks.thanks, name="support_thanks"),
    path("back/", thanks.back, name="support_back"),
    path("ready/", thanks.ready, name="support_ready"),
    path("manage/", include(managed)),
    path("figures/", read_only(figures.figures), name="figures"),
    path("figures.csv", read_only(figures.figures_csv), name="figures_csv"),
    path("figures.json", read_only(figures.figures_json), name="figures_json"),
    path("how/", read_only(figures.how), name="how"),
    path("backers/", read_only(figures.backers), name="backers"),
    path("stripe/webhook/", stripe_webhook, name="stripe_webhook"),
    path("letters/stop/<str:token>/", news.stop_news, name="stop_news"),
    path("letters/decline/<str:token>/", dedications.decline, name="decline_dedications"),
    path("<currency:code>/", support.support, name="support_in"),
]
