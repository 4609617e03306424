"""A moderator's own letters: wanted or not, and how they read."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from comments import digests
from comments.admin.base import MODERATES, insist
from comments.models import CommentSettings
from foundation import clock, letter_paper
from foundation.admin import LETTER_POLICY


class LetterPages:
    def get_urls(self):
        return [
            self.page_of(self.my_letters_view, "letters/", "my_letters"),
            self.page_of(as_html, "letters/html/", "letter_html"),
            *super().get_urls(),
        ]

    def my_letters_view(self, request):
        insist(request, MODERATES)
        if request.method == "POST":
            is_wanted = request.POST.get("wanted") == "1"
            digests.want(request.user, is_wanted=is_wanted)
            told = "The letters come from now on." if is_wanted else "No more letters about what waits."
            return self.done(request, self.address_of("my_letters"), told)
        return self.page(
            request,
            "letters.html",
            "Your letters",
            is_wanted=digests.wants(request.user),
            minutes=CommentSettings.load().digest_minutes,
            words=sample(),
        )


def sample() -> letter_paper.Words:
    """With invented facts: the links lead nowhere."""
    nowhere = letter_paper.address("home")
    acts = [(digests.LABELS[verb], nowhere) for verb in ("approve", "reject", "spam")]
    reported = [(digests.LABELS[verb], nowhere) for verb in ("keep", "hide", "spam")]
    told = {"headline": "The bridge that nobody ordered", "posted_at": clock.now(), "is_known": False, "reports": []}
    first = {
        **told,
        "name": "Ada Example",
        "words": "My father worked on the first survey, in 1974. The drawings were never asked for. I still have them.",
        "answers": "",
        "reasons": ["Two links, where one is usual"],
        "is_public": False,
        "acts": acts,
    }
    second = {
        **told,
        "name": "Somebody",
        "words": "You would say that.",
        "answers": "Ada Example",
        "reasons": [],
        "reports": ["It attacks or threatens somebody"],
        "is_public": True,
        "acts": reported,
    }
    return digests.render(name="Ines Example", entries=[first, second], number=5, spam=14, stop_url=nowhere)


@xframe_options_sameorigin
@csp_override(LETTER_POLICY)
def as_html(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MODERATES):
        raise PermissionDenied
    return HttpResponse(sample().html)
