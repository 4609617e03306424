"""The whole site's addresses on one screen."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from articles.images.paths import NAME_PATTERN
from articles.views.media import media
from donations import away as pledging_away
from foundation import away

handler500 = "foundation.views.broken"
away.register("/support/", pledging_away.page)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("comments/moderate/", include("comments.moderator_urls")),
    path("support/", include("donations.urls")),
    path("comments/", include("comments.urls")),
    path("account/", include("accounts.urls")),
    path("comments/", include("comments.person_urls")),
    path("", include("foundation.urls")),
    path("", include("bottrap.urls")),
]

if settings.SERVE_MEDIA:
    urlpatterns.append(re_path(rf"^media/{NAME_PATTERN}\Z", media, name="media"))

# Last, because a page's own slug may be any word.
urlpatterns.append(path("", include("articles.urls")))
