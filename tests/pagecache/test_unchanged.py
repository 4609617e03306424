"""What is told to readers who say what they have already."""

import pytest

from pagecache.counters import counters


def test_an_unchanged_page_is_told_in_a_few_bytes(reader, small):
    etag = reader.get("/page/").headers["etag"]
    before = counters.not_modified
    for told in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = reader.get("/page/", **{"If-None-Match": told})
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == etag
        assert "content-length" not in answer.headers
        assert "content-type" not in answer.headers
    assert counters.not_modified == before + 4
    assert reader.get("/page/", **{"If-None-Match": '"other"'}).status == 200
    assert reader.get("/page/", **{"If-None-Match": etag, "Accept-Encoding": "gzip"}).status == 200


@pytest.mark.parametrize(("path", "status"), [("/page/", 200), ("/moved/", 301), ("/withdrawn/", 410)])
def test_who_says_to_have_nothing_is_answered_in_full(reader, small, path, status):
    for _ in range(2):
        assert reader.get(path, **{"If-None-Match": ""}).status == status
