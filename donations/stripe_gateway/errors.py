"""What may go wrong when Stripe is asked, named for what the caller can do about it."""


class StripeDown(Exception):
    """No answer, or one of a Stripe in trouble: whether anything happened there is not known. Try again later."""


class StripeRefused(Exception):
    """Stripe understood and said no. Asking again in the same words is useless."""

    def __init__(self, words: str, *, code: str = "", param: str = ""):
        super().__init__(words)
        self.code = code
        self.param = param


class NoSuchObject(StripeRefused):
    """Stripe does not know the id, or it was deleted there."""


class NotPaid(Exception):
    """The charge has not succeeded, or not yet: it is no money."""


class SignatureInvalid(Exception):
    """Nobody who knows one of our secrets has signed these bytes in the last minutes."""


class EventUnreadable(Exception):
    """Signed, and still not an event: we would not know what to keep."""
