"""The customer portal's sessions and settings. https://docs.stripe.com/customer-management"""

from typing import Any

from fakestripe.acts import people
from fakestripe.errors import Refused
from fakestripe.shapes import portal
from fakestripe.store import Row


def open_session(engine, given: dict[str, Any]) -> Row:
    people.existing(engine, given["customer"])
    configuration = _configuration(engine, given.get("configuration"))
    flow = given.get("flow_data")
    if flow and flow["type"] == "payment_method_update" and not _allows(configuration, "payment_method_update"):
        raise Refused("This portal does not let customers change their payment method.", param="flow_data[type]")
    made = portal.session(engine.now(), address=engine.address, configuration_id=configuration["id"], given=given)
    return engine.add(made, "billing_portal.session.created")


def configure(engine, given: dict[str, Any]) -> Row:
    return engine.add(
        portal.configuration(engine.now(), given, is_default=False), "billing_portal.configuration.created"
    )


def reconfigure(engine, key: str, given: dict[str, Any]) -> Row:
    """Features that are not named stay as they are: https://docs.stripe.com/api/customer_portal/configurations/update"""
    made = engine.get("billing_portal.configuration", key)
    with engine.changing("billing_portal.configuration.updated", made):
        for name, changes in given.pop("features", {}).items():
            made["features"][name] = {**made["features"][name], **changes}
        made.update({name: value for name, value in given.items() if name != "expand"}, updated=engine.now())
    return made


def _configuration(engine, key: str | None) -> Row:
    """The named one, or the account's default, which allows what `docs/going-live.md` tells people to allow."""
    if key:
        return engine.get("billing_portal.configuration", key)
    default = next(iter(engine.find("billing_portal.configuration", is_default=True)), None)
    return default or engine.add(portal.configuration(engine.now(), _DEFAULT, is_default=True))


def _allows(configuration: Row, feature: str) -> bool:
    return configuration["features"][feature]["enabled"]


_DEFAULT: dict[str, Any] = {
    "features": {
        "customer_update": {"allowed_updates": ["address"], "enabled": True},
        "payment_method_update": {"enabled": True},
    }
}
