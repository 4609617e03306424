"""
Giving money back. The page asks, then asks once more with the figure; its key is made when the page is drawn, so that
however often the button is pressed, Stripe gives back once.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect

from donations import offline, periods, stripe_gateway, sync
from donations.admin.base import HANDLES_MONEY
from donations.admin.forms import AmountField, KeyField, read_amount
from donations.ledger import NotOurs, Refused
from donations.models import Payment
from donations.money import Money
from foundation import clock


class RefundForm(forms.Form):
    amount = AmountField(help_text="All that is left, or a part of it.")
    reason = forms.CharField(
        max_length=100, required=False, help_text="For the log. The backer is told the amount, not the reason."
    )
    key = KeyField()

    def __init__(self, *args, left: Money, **kwargs):
        super().__init__(*args, **kwargs)
        self.left = left
        self.fields["amount"].label = f"Amount in {left.currency}"
        self.fields["amount"].initial = left.typed
        self.money: Money | None = None

    def clean(self):
        cleaned = super().clean()
        if "amount" in cleaned:
            self.money = read_amount(self, "amount", self.left.currency)
            if self.money and self.money > self.left:
                self.add_error("amount", f"Only {self.left.with_code} are left of it.")
        return cleaned


def left_of(payment: Payment) -> Money:
    """What was not given back yet. A dispute's money is with the bank: it is not ours to give."""
    back = sum(each.amount_minor for each in payment.adjustments.all() if each.takes_back)
    return Money(max(0, payment.amount_minor - back), payment.currency)


class RefundPages:
    def get_urls(self):
        return [self.page_of(self.refund_view, "<int:object_id>/refund/", "refund"), *super().get_urls()]

    def refund_view(self, request, object_id):
        payment = self.find(request, object_id)
        if not request.user.has_perm(HANDLES_MONEY):
            raise PermissionDenied
        left = left_of(payment)
        if not left:
            messages.info(request, "Nothing is left of this payment to give back.")
            return HttpResponseRedirect(self.address_of("change", payment.pk))
        form = RefundForm(request.POST or None, left=left)
        asks_again = request.method == "POST" and form.is_valid()
        if asks_again and "_confirm" in request.POST and self._gave_back(request, payment, form):
            return HttpResponseRedirect(self.address_of("change", payment.pk))
        context = {"payment": payment, "form": form, "left": left, "asks_again": asks_again, "money": form.money}
        return self.page(request, "payment/refund.html", "Give money back", **context)

    def _gave_back(self, request, payment: Payment, form: RefundForm) -> bool:
        """False leaves the page as it is, under the same key."""
        key, reason = form.cleaned_data["key"], form.cleaned_data["reason"]
        try:
            if payment.kind == Payment.Kind.OFFLINE:
                today = clock.now().astimezone(periods.zone()).date()
                offline.give_back(payment, form.money, returned_on=today, reason=reason, key=key)
            else:
                stripe_gateway.refund(payment, form.money, f"refund-{key}")
        except stripe_gateway.StripeDown:
            words = (
                "Stripe did not answer: whether the money goes back is not known. Press the button again in a while; "
            )
            messages.error(request, words + "pressed twice on this page, it still goes back once.")
            return False
        except (stripe_gateway.StripeRefused, offline.CannotGiveBack) as refusal:
            messages.error(request, f"Nothing was given back: {refusal}")
            return False
        because = f" ({reason})" if reason else ""
        self.log_change(request, payment, f"Gave back {form.money.with_code}{because}.")
        self._follow(request, payment, form.money)
        return True

    def _follow(self, request, payment: Payment, given: Money) -> None:
        """What Stripe made of it, brought into the ledger now; failing that, its event or the nightly check does."""
        if payment.kind != Payment.Kind.OFFLINE:
            try:
                sync.sync_charge(payment.fact_key)
            except (stripe_gateway.StripeDown, stripe_gateway.StripeRefused, NotOurs, Refused) as error:
                messages.warning(request, f"{given.with_code} go back. The figures follow in a while: {error}")
                return
        messages.success(request, f"{given.with_code} go back, and the figures know of it.")
