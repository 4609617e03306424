"""What is said when Stripe does not answer or says no. “Nothing was charged” stands only where that is certain."""

# Making a payment page charges nobody: whatever became of the request, no card was asked for.
STRIPE_DOWN = (
    "Our payment provider, Stripe, does not answer at the moment. Nothing was charged. What you typed is still here:"
    " please send it again in a minute or two."
)
STRIPE_REFUSED = (
    "Our payment provider, Stripe, did not accept this request. Nothing was charged. What you typed is still here:"
    " please try again, and write to us if it goes on."
)
# Of a change to a pledge: it may have arrived. None of the changes on our pages charges anything.
CHANGE_UNKNOWN = (
    "Our payment provider, Stripe, does not answer at the moment, so we cannot tell whether this change was made."
    " It charges nothing either way. Please look again in a few minutes."
)
CHANGE_REFUSED = (
    "Our payment provider, Stripe, did not accept this change, so everything is as it was. Please try again, and write"
    " to us if it goes on."
)
CHANGE_NOT_SO = (
    "Our payment provider, Stripe, took this change, and still tells of your pledge what you see below. Somebody may"
    " have changed it at the same time. Please try again, and write to us if it goes on."
)
