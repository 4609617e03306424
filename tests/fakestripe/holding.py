"""After every test that used a stand-in: whatever it said and was asked meanwhile is held to the contract."""

from collections import Counter

from tests.fakestripe import contract

# A year of property tests leaves tens of thousands of rows that were all made by the same few functions.
NEWEST = 1000


def breaches(stand_in) -> list[str]:
    """Each breach once. Requests that the stand-in refused were wrong on purpose, or would have failed their test."""
    faults = Counter()
    for rows in stand_in.see("rows").values():
        for row in rows[-NEWEST:]:
            faults.update(contract.faults_of_object(row))
    for event in stand_in.see("events")[-NEWEST:]:
        faults.update(contract.faults_of_event(event))
    for asked in stand_in.see("requests")[-NEWEST:]:
        if asked["status"] < 400:
            faults.update(contract.faults_of_request(asked["method"], asked["path"], asked["parameters"]))
    return [f"{count} × {fault}" for fault, count in faults.most_common()]
