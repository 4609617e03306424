"""What django-allauth asks of us: which backend a session by code is written under, and that it says nothing itself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import backends
from foundation import remote_addr


class AccountAdapter(DefaultAccountAdapter):
    def login(self, request, user):
        user.backend = backends.BY_CODE
        super().login(request, user)

    def get_login_stages(self):
        """A code makes a reader, who is asked for no second factor; the desk has a door of its own."""
        return [stage for stage in super().get_login_stages() if not stage.startswith("allauth.mfa.")]

    def send_mail(self, template_prefix, email, context):
        """Its own letters are not ours: whatever we mail goes out by `foundation.letters`."""
        raise RuntimeError(f"{template_prefix}: django-allauth is not to write letters here")

    def add_message(self, *args, **kwargs):
        """Our pages say what happened themselves; a message kept for later would turn up at the desk."""

    def is_safe_url(self, url):
        """Paths of this site, and nothing that names a host: not even our own, which a reader cannot tell apart."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_redirect_url(self, request):
        return reverse("account")

    def get_client_ip(self, request):
        return remote_addr.client_address(request) or "none"
