from donations.models.alarm import Alarm
from donations.models.backer import Backer, BackerKey, Customer
from donations.models.books import LateEntry, LedgerGround, QuarterBook
from donations.models.contribution import Contribution
from donations.models.currency import Currency, ExchangeRate
from donations.models.dedication import DeclinedAddress, Dedication
from donations.models.event import StripeEvent
from donations.models.payment import Adjustment, Payment
from donations.models.pledge import Intent, Invoice, Pledge
from donations.models.public_name import PublicName

__all__ = [
    "Adjustment",
    "Alarm",
    "Backer",
    "BackerKey",
    "Contribution",
    "Currency",
    "Customer",
    "DeclinedAddress",
    "Dedication",
    "ExchangeRate",
    "Intent",
    "Invoice",
    "LateEntry",
    "LedgerGround",
    "Payment",
    "Pledge",
    "PublicName",
    "QuarterBook",
    "StripeEvent",
]
