from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from donations.money import Money, NotAnAmount, insist_on_chargeable, parse
from donations.querysets import CurrencyQuerySet, ExchangeRateQuerySet


class Currency(models.Model):
    """A currency that pledges may be made in: what the support page offers and accepts. Amounts in minor units."""

    code = models.CharField(
        max_length=3,
        primary_key=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", "A currency has three capital letters, for example USD.")],
    )
    is_offered = models.BooleanField("offered", default=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="The order of the links to other currencies.")
    presets = models.CharField(
        "suggested amounts", max_length=100, help_text="Separated by spaces, for example: 10 25 50 100."
    )
    minimum_minor = models.BigIntegerField(
        "smallest amount",
        validators=[MinValueValidator(1)],
        help_text="In the smallest unit: 500 is 5 dollars. Stripe itself refuses less than about half a dollar.",
    )
    maximum_minor = models.BigIntegerField(
        "largest amount", validators=[MinValueValidator(1)], help_text="In the smallest unit: 500000 is 5,000 dollars."
    )

    objects = CurrencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "currencies"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minimum_minor__gte=1, maximum_minor__gte=models.F("minimum_minor")),
                name="currency_limits_are_in_order",
                violation_error_message="The largest amount must not be below the smallest.",
            )
        ]

    def __str__(self):
        return self.code

    @property
    def minimum(self) -> Money:
        return Money(self.minimum_minor, self.code)

    @property
    def maximum(self) -> Money:
        return Money(self.maximum_minor, self.code)

    def preset_amounts(self) -> list[Money]:
        """Raises NotAnAmount; `clean()` keeps such a row from being saved in admin."""
        return [parse(figure, self.code) for figure in self.presets.split()]

    def clean(self):
        if self.code == settings.BASE_CURRENCY and not self.is_offered:
            raise ValidationError(
                {"is_offered": f"{self.code} is the site's own currency: the page that every ask leads to is in it."}
            )
        try:
            amounts = [insist_on_chargeable(amount) for amount in self.preset_amounts()]
        except NotAnAmount as error:
            raise ValidationError({"presets": str(error)}) from error
        if self.minimum_minor is None or self.maximum_minor is None:
            return
        for amount in amounts:
            if not self.minimum <= amount <= self.maximum:
                raise ValidationError({"presets": f"{amount} is outside the smallest and the largest amount."})


class ExchangeRate(models.Model):
    """
    What one unit of a currency was worth in the base currency on a day. Only accepted rates convert anything. One that
    the bank wrote in no usable way has no figure: it waits until a person enters one.
    """

    class Source(models.TextChoices):
        ECB = "ecb", "European Central Bank"
        MANUAL = "manual", "entered by hand"
        SAMPLE = "sample", "sample, invented"

    class Status(models.TextChoices):
        ACCEPTED = "accepted", "accepted"
        WAITING = "waiting", "waits for a person"
        REFUSED = "refused", "refused"

    base = models.CharField(max_length=3)
    currency = models.CharField(max_length=3)
    dated_on = models.DateField("date")
    rate = models.DecimalField(
        null=True, max_digits=20, decimal_places=10, validators=[MinValueValidator(Decimal("0.0000000001"))]
    )
    written = models.CharField("as the bank wrote it", max_length=150, blank=True, editable=False)
    source = models.CharField(max_length=10, choices=Source)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACCEPTED)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", null=True, blank=True, editable=False, on_delete=models.SET_NULL)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        ordering = ["-dated_on", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["base", "currency", "dated_on"], name="one_rate_per_currency_and_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rates_are_above_zero"),
            models.CheckConstraint(
                condition=~models.Q(status="accepted") | models.Q(rate__isnull=False),
                name="accepted_rates_have_a_figure",
            ),
        ]

    def __str__(self):
        figure = "?" if self.rate is None else f"{self.rate.normalize():f}"
        return f"{self.dated_on}: 1 {self.currency} = {figure} {self.base}"
