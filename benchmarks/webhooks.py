"""
What taking in one event from Stripe costs, beside writing the same row and nothing else. Runs in the visitor's process:
signed calls go through Django's middleware, without a network between; nothing is fetched from Stripe for them.
"""

import hashlib
import hmac
import json
import time

SECRET = "whsec_only-for-measuring"
ADDRESS = "/support/stripe/webhook/"


def taken_in(client, *, start: int, times: int) -> float:
    """Seconds for so many authentic events, each with an id of its own from `start` on."""
    from donations.models import StripeEvent

    bodies = [event(number) for number in range(start, start + times)]
    calls = [(body, signature(body)) for body in bodies]
    before = time.perf_counter()
    for body, signed in calls:
        response = client.post(
            ADDRESS, data=body, content_type="application/json", headers={"Stripe-Signature": signed}
        )
        if not 200 <= response.status_code < 300:
            raise SystemExit(f"The webhook answered {response.status_code}")
    seconds = time.perf_counter() - before
    kept = StripeEvent.objects.filter(stripe_id__in=[json.loads(body)["id"] for body in bodies]).count()
    if kept != times:
        raise SystemExit(f"{times} events were sent and {kept} were kept")
    return seconds


def bare_inserts(client, *, start: int, times: int) -> float:
    """Seconds for writing the rows of such events, each in a transaction of its own, with no Django in the way."""
    from django.db import connection

    from foundation import clock

    columns = ("stripe_id", "type", "object_id", "livemode", "account", "api_version", "created_at", "received_at")
    columns += ("status", "reason", "attempts", "body")
    statement = f"INSERT INTO donations_stripeevent ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
    now = clock.real_now()
    rows = []
    for number in range(start, start + times):
        body = event(number)
        said = json.loads(body)
        about = said["data"]["object"]["id"]
        rows.append(
            (said["id"], said["type"], about, False, "", said["api_version"], now, now, "waiting", "", 0, body.decode())
        )
    connection.ensure_connection()
    raw = connection.connection
    before = time.perf_counter()
    with raw.cursor() as cursor:
        for row in rows:
            cursor.execute(statement, row)
            raw.commit()
    return time.perf_counter() - before


def event(number: int) -> bytes:
    """A paid renewal, of the size that Stripe sends."""
    line = {
        "id": f"il_{number}",
        "object": "line_item",
        "amount": 2500,
        "currency": "usd",
        "description": "1 x Pledge to the site (at $25.00 every 3 months)" + " " * 1500,
        "period": {"start": 1_800_000_000, "end": 1_807_776_000},
    }
    details = {"subscription": f"sub_{number}", "metadata": {"site": "127.0.0.1", "intent": f"{number:032x}"}}
    invoice = {
        "id": f"in_{number}",
        "object": "invoice",
        "livemode": False,
        "status": "paid",
        "amount_due": 2500,
        "currency": "usd",
        "customer": f"cus_{number}",
        "metadata": {},
        "parent": {"type": "subscription_details", "subscription_details": details},
        "lines": {"object": "list", "data": [line], "has_more": False, "url": f"/v1/invoices/in_{number}/lines"},
    }
    return json.dumps(
        {
            "id": f"evt_{number}",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": 1_800_000_000,
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": "invoice.paid",
            "data": {"object": invoice},
        }
    ).encode()


def signature(body: bytes) -> str:
    moment = int(time.time())
    proof = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={proof}"


ORDERS = {"taken_in": taken_in, "bare_inserts": bare_inserts}
