"""
What Django's own page cache was warned of in 2026, each held against ours on the small site: by the number of the
advisory, what was sent or answered, and that nothing of it is stored or reaches anybody else.
"""

import pytest

from tests.pagecache.test_front import stored_bytes

ANSWERS = {
    "CVE-2026-6907: an answer that varies by everything": "vary-star",
    "CVE-2026-8404: Cache-Control in capitals": "no-store",
    "CVE-2026-8404: private in capitals": "private",
    "CVE-2026-48587: spaces around a name in Vary": "vary-padded",
    "CVE-2026-48588: an answer that sets a cookie": "cookie",
}


@pytest.mark.parametrize("advisory", ANSWERS)
def test_such_an_answer_is_not_stored(reader, small, store, settings, advisory):
    for cookie in ({}, {"cookie": "unrelated=1"}):
        assert reader.get(f"/personal/{ANSWERS[advisory]}/", **cookie).status == 200
    assert stored_bytes(store, settings) == b""
    assert reader.get("/page/").status == 200
    assert stored_bytes(store, settings)  # which is not always so


@pytest.mark.parametrize("value", ["Basic dXNlcjpwYXNz", "", "Bearer "])
def test_cve_2026_35193_a_page_made_with_a_password_is_nobody_elses(reader, small, store, settings, value):
    """Though it does not say that it varies by it; and an empty one is still one."""
    assert "HTTP_AUTHORIZATION" in reader.get("/page/", authorization=value).text
    assert stored_bytes(store, settings) == b""
    assert "HTTP_AUTHORIZATION" not in reader.get("/page/").text
    assert "HTTP_AUTHORIZATION" in reader.get("/page/", authorization=value).text


@pytest.mark.parametrize("name", ["Accept-Language", "Cookie", "Accept-Encoding", "X-Forwarded-Host"])
def test_cve_2026_113593_an_empty_header_is_as_good_as_none(reader, small, name):
    """They share a page, and so it must be made without either."""
    first = reader.get("/page/", **{name: ""})
    assert "HTTP_HOST" in first.text
    assert f"HTTP_{name.upper().replace('-', '_')}" not in first.text
    assert reader.get("/page/").body == first.body
    assert small.made == 1


def test_one_page_has_one_key_however_often_a_parameter_is_said(reader, small, store, settings):
    reader.get("/page/?page=2")
    stored = stored_bytes(store, settings)
    for number in range(4):
        assert reader.get(f"/page/?page={number}&page=2").status == 200
    assert stored_bytes(store, settings) == stored
    assert small.made == 5
    reader.get("/page/?page=3")  # another page is stored, so that this can fail
    assert stored_bytes(store, settings) != stored
