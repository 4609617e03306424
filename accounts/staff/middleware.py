"""
A session of the desk that may not go on ends here, before any page is asked who is there; one that got another key
meanwhile is written down under it, before anybody looks for it.
"""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest

from accounts.staff import sessions


def watch_sessions(get_response):
    """Without the cookie nothing is read, so that pages for everybody stay pages for everybody."""

    def answer(request: HttpRequest):
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and sessions.is_by_password(request) and not sessions.stands(request):
            logout(request)
        response = get_response(request)
        if has_session:
            sessions.follow(request)
        return response

    return answer
