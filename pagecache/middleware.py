"""The part of the page cache inside Django: makes what can be stored of a finished page."""

from django.http import HttpRequest

from pagecache.keeping import MAKING, entry_of


def keep_pages(get_response):
    """
    Stands first, outside of all others, so that it sees every header and cookie that they add. Only what the front has
    asked for is kept: a page made with nothing of its reader in the request.
    """

    def answer(request: HttpRequest):
        response = get_response(request)
        making = request.META.get(MAKING)
        if making is not None:
            making.entry = entry_of(making, request, response)
        return response

    return answer
