"""What is typed at the desk about bans, crawlers and the trap, and what is said to whoever mistyped."""

import re

from django import forms
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from bottrap import networks, never
from bottrap.models import Ban, CrawlRule, TrapSettings
from foundation import remote_addr

LONGEST_DAYS = 365
_CRAWLER = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_FEW_LINES = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})


def moment(at) -> str:
    return date_format(localtime(at), "j F Y, H:i")


class NewBanForm(forms.ModelForm):
    request: HttpRequest  # set by the admin, to tell whoever is about to shut themselves out

    address = forms.CharField(
        max_length=80,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocapitalize": "off", "spellcheck": "false"}),
        help_text="One address. Of an IPv6 address the whole /64 is banned, since one visitor commands all of it.",
    )
    days = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=1,
        help_text=f"At most {LONGEST_DAYS}.",
        error_messages={
            "min_value": "At least one day.",
            "max_value": f"At most {LONGEST_DAYS} days.",
            "invalid": "Write a number of days.",
        },
    )

    class Meta:
        model = Ban
        fields = ["reason", "note"]
        widgets = {"note": _FEW_LINES}
        help_texts = {"reason": "In a few words. No visitor sees it."}

    def clean_address(self) -> str:
        address = self._one_address(self.cleaned_data["address"].strip())
        network = networks.of_client(address)
        if why := never.reason(address, network):
            raise forms.ValidationError(f"{address} is never banned: {why}.")
        own = remote_addr.client_address(self.request)
        if own and networks.of_client(own) == network:
            raise forms.ValidationError(f"{address} is where you are yourself: you would shut yourself out.")
        peer, told = self.request.META.get("REMOTE_ADDR", ""), self.request.META.get("HTTP_X_FORWARDED_FOR", "")
        if never.is_a_proxy(address, peer=peer, forwarded=told):
            raise forms.ValidationError(f"{address} is never banned: one of our own proxies.")
        held = Ban.objects.active().filter(network=network).first()
        if held:
            raise forms.ValidationError(f"{network} is banned already, until {moment(held.expires_at)}.")
        return address

    def _one_address(self, text: str) -> str:
        """Also as the list of bans and the logs of servers write it: with the length of its network, or a port."""
        if "/" in text and (network := networks.parse(text)):
            if network.prefixlen < (32 if network.version == 4 else 64):
                raise forms.ValidationError(
                    f"{text} is a network of many visitors, and here one at a time is banned. "
                    "The front server can close whole networks."
                )
            return str(network.network_address)
        if not (address := remote_addr.pick(text, "", 0)):
            raise forms.ValidationError(f"“{text}” is no address. Write one like 93.184.216.34 or 2606:2800:220:1::1.")
        return address


class SettingsForm(forms.ModelForm):
    close_breaker = forms.BooleanField(
        required=False, label="Close the breaker", help_text="The trap bans again from now on."
    )

    class Meta:
        model = TrapSettings
        fields = ["is_on", "dry_run", "refuse_ai_crawlers", "ai_crawlers"]

    def clean_ai_crawlers(self) -> str:
        names = [line.strip() for line in self.cleaned_data["ai_crawlers"].splitlines() if line.strip()]
        for name in names:
            if not _CRAWLER.fullmatch(name):
                raise forms.ValidationError(
                    f"“{name}” is no crawler's name. One a line, of letters, digits, dots, hyphens and underscores."
                )
        return "".join(f"{name}\n" for name in names)


class CrawlRuleForm(forms.ModelForm):
    class Meta:
        model = CrawlRule
        fields = ["agent", "verdict", "path"]
        help_texts = {
            "agent": "The name a crawler answers to in robots.txt, GPTBot say, or * for all of them.",
            "path": "Where it holds, from the first /. What begins like it is meant too: /archive/ and all below it.",
        }
