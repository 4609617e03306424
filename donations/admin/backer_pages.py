"""Pages of one backer where something is asked before it is done: joining, parting, handing out data, forgetting."""

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import pluralize
from django.utils.text import slugify

from donations import forgetting, own_data, persons
from donations.admin import letter_pages
from donations.admin.base import HANDLES_MONEY
from donations.admin.forms import BackerField, read_backer
from donations.models import Backer, Customer, Payment
from foundation import clock


class JoinForm(forms.Form):
    other = BackerField(
        label="The other row",
        help_text="Its number, or an e-mail that leads to it. Everything of it comes to this backer, and the row goes.",
    )

    def clean(self):
        cleaned = super().clean()
        self.found = read_backer(self, "other") if "other" in cleaned else None
        return cleaned


class PartForm(forms.Form):
    customers = forms.ModelMultipleChoiceField(
        Customer.objects.none(),
        required=False,
        label="Customers at Stripe",
        widget=forms.CheckboxSelectMultiple,
        help_text="With all their pledges and payments.",
    )
    gifts = forms.ModelMultipleChoiceField(
        Payment.objects.none(),
        required=False,
        label="Gifts without a customer",
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.EmailField(required=False, label="E-mail of the new row")
    name = forms.CharField(required=False, max_length=200, label="Name of the new row")

    def __init__(self, *args, backer: Backer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["customers"].queryset = backer.customers.all()
        self.fields["customers"].label_from_instance = what_came_by
        self.fields["gifts"].queryset = backer.payments.filter(customer=None, pledge=None)


def what_came_by(customer: Customer) -> str:
    """So that a treasurer knows which is meant."""
    pledges, payments = customer.pledges.count(), customer.payments.count()
    told = f"{pledges} pledge{pluralize(pledges)}, {payments} payment{pluralize(payments)}"
    return f"{customer.stripe_id} ({customer.currency}): {told}"


class ForgetForm(forms.Form):
    is_sure = forms.BooleanField(label="I have read this, and the person asked for it")


class BackerPages:
    def get_urls(self):
        return [
            self.page_of(self.join_view, "<int:object_id>/join/", "join"),
            self.page_of(self.part_view, "<int:object_id>/part/", "part"),
            self.page_of(self.data_view, "<int:object_id>/data/", "data"),
            self.page_of(self.forget_view, "<int:object_id>/forget/", "forget"),
            *letter_pages.addresses(self.admin_site),
            *super().get_urls(),
        ]

    def find_to_change(self, request, object_id) -> Backer:
        backer = self.find(request, object_id)
        if not (request.user.has_perm("donations.change_backer") and request.user.has_perm(HANDLES_MONEY)):
            raise PermissionDenied
        return backer

    def _back(self, backer: Backer) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.address_of("change", backer.pk))

    def join_view(self, request, object_id):
        backer = self.find_to_change(request, object_id)
        form = JoinForm(request.POST or None)
        asks_again = request.method == "POST" and form.is_valid()
        if asks_again and "_confirm" in request.POST:
            try:
                self._join(request, backer, form.found)
                return self._back(backer)
            except persons.CannotJoin as refusal:
                form.add_error("other", str(refusal))
                asks_again = False
        return self.page(request, "backer/join.html", "Join two rows", backer=backer, form=form, asks_again=asks_again)

    def _join(self, request, backer: Backer, other: Backer) -> None:
        number = other.pk
        joined = persons.join(backer, other)
        self.log_change(request, joined, f"Joined with row {number}.")
        messages.success(request, f"Row {number} is part of this one now.")

    def part_view(self, request, object_id):
        backer = self.find_to_change(request, object_id)
        form = PartForm(request.POST or None, backer=backer)
        if request.method == "POST" and form.is_valid():
            try:
                made = persons.part(backer, **form.cleaned_data)
            except persons.CannotPart as refusal:
                form.add_error(None, str(refusal))
            else:
                self.log_change(request, backer, f"Parted; what was chosen belongs to row {made.pk}.")
                self.log_addition(request, made, f"Parted from row {backer.pk}.")
                messages.success(request, f"Two rows: {backer.pk} and {made.pk}.")
                return self._back(made)
        return self.page(request, "backer/part.html", "Part into two rows", backer=backer, form=form)

    def data_view(self, request, object_id):
        """Everything about this person, to be given to them. That it was handed out is logged."""
        backer = self.find(request, object_id)
        written = json.dumps(own_data.of(backer), ensure_ascii=False, indent=2)
        self.log_change(request, backer, "Handed out the data kept about this person.")
        response = HttpResponse(written, content_type="application/json; charset=utf-8")
        name = f"data-{slugify(str(backer.pk))}-{clock.now():%Y-%m-%d}"
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
        response["Cache-Control"] = "no-store"
        return response

    def forget_view(self, request, object_id):
        backer = self.find_to_change(request, object_id)
        form = ForgetForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                backer = forgetting.forget(backer)
            except forgetting.NotForgotten as trouble:
                messages.error(request, str(trouble))
            else:
                self.log_change(request, backer, "Forgot this person.")
                messages.success(request, "Forgotten. What remains is money without a person.")
                return self._back(backer)
        context = {"backer": backer, "form": form, "pledges": backer.pledges.not_ended()}
        return self.page(request, "backer/forget.html", "Forget this person", **context)
