"""The stand-in as tests use it: started, asked by Stripe's SDK, and stopped."""

import base64
import json

import pytest
import stripe

from tests.fakestripe.running import SECRET
from tests.fakestripe.shopping import Shop


def test_the_clock_file_tells_the_site_how_far_the_clock_was_moved(stand_in):
    stand_in.do("clock", seconds=3600)
    assert json.loads(stand_in.clock_file.read_text()) == 3600


def test_no_key_no_answer(stand_in):
    client = stripe.StripeClient("sk_test_of_somebody_else", base_addresses={"api": stand_in.address})
    with pytest.raises(stripe.AuthenticationError):
        client.v1.customers.list()


def test_only_this_machine_is_listened_to(stand_in):
    assert stand_in.server._http.server_address[0] == "127.0.0.1"


def test_events_carry_a_signature_that_stripes_own_code_accepts(stand_in):
    Shop(stand_in).pledge()
    parcel = stand_in.do("deliveries/take", limit=1)[0]
    body = base64.b64decode(parcel["body"])
    event = stripe.Webhook.construct_event(body, parcel["signature"], SECRET)
    assert event.type == "product.created"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", parcel["signature"], SECRET)
