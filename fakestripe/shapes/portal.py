"""The customer portal. https://docs.stripe.com/api/customer_portal/sessions/object and /configurations/object"""

from typing import Any

from fakestripe import identity
from fakestripe.store import Row


def session(now: int, *, address: str, configuration_id: str, given: dict[str, Any]) -> Row:
    key = identity.new("billing_portal.session")
    flow = given.get("flow_data")
    return {
        "id": key,
        "object": "billing_portal.session",
        "configuration": configuration_id,
        "created": now,
        "customer": given["customer"],
        "customer_account": None,
        "flow": _flow(flow) if flow else None,
        "livemode": False,
        "locale": given.get("locale"),
        "on_behalf_of": None,
        "return_url": given.get("return_url"),
        "url": f"{address}/portal/{key}",
    }


def _flow(asked: dict[str, Any]) -> dict[str, Any]:
    completion = asked.get("after_completion", {"type": "portal_homepage"})
    return {
        "after_completion": {
            "hosted_confirmation": completion.get("hosted_confirmation"),
            "redirect": completion.get("redirect"),
            "type": completion["type"],
        },
        "subscription_cancel": None,
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": asked["type"],
    }


def configuration(now: int, given: dict[str, Any], *, is_default: bool) -> Row:
    asked = given.get("features", {})
    return {
        "id": identity.new("billing_portal.configuration"),
        "object": "billing_portal.configuration",
        "active": True,
        "application": None,
        "business_profile": {
            "headline": None,
            "privacy_policy_url": None,
            "terms_of_service_url": None,
            **given.get("business_profile", {}),
        },
        "created": now,
        "default_return_url": given.get("default_return_url"),
        "features": {
            "customer_update": {"allowed_updates": [], "enabled": False, **asked.get("customer_update", {})},
            "invoice_history": {"enabled": False, **asked.get("invoice_history", {})},
            "payment_method_update": {
                "enabled": False,
                "payment_method_configuration": None,
                **asked.get("payment_method_update", {}),
            },
            "subscription_cancel": {
                "cancellation_reason": {"enabled": False, "options": []},
                "enabled": False,
                "mode": "at_period_end",
                "proration_behavior": "none",
                **asked.get("subscription_cancel", {}),
            },
            "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
            "subscription_update": {
                "billing_cycle_anchor": None,
                "default_allowed_updates": [],
                "enabled": False,
                "proration_behavior": "none",
                "schedule_at_period_end": {"conditions": []},
                "trial_update_behavior": "end_trial",
                **asked.get("subscription_update", {}),
            },
        },
        "is_default": is_default,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": given.get("metadata", {}),
        "name": given.get("name"),
        "updated": now,
    }
