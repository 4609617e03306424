import pytest

from pagecache.checks import caches_are_shared, folder_can_be_written, store_is_usable

LOCAL = "django.core.cache.backends.locmem.LocMemCache"
FILES = "django.core.cache.backends.filebased.FileBasedCache"


def found(check) -> list[str]:
    return [message.id for message in check(None)]


def test_a_cache_of_each_process_own_is_an_error(settings):
    settings.CACHES = {"default": {"BACKEND": LOCAL}}
    assert found(caches_are_shared) == ["pagecache.E001"]
    settings.CACHES = {"default": {"BACKEND": FILES}}
    assert found(caches_are_shared) == []


@pytest.mark.parametrize(
    ("url", "errors"),
    [
        ("", []),
        ("redis://127.0.0.1:6379/1", []),
        ("file:///var/cache/pages", []),
        ("memcached://127.0.0.1", ["pagecache.E002"]),
        ("127.0.0.1:6379", ["pagecache.E002"]),
        ("file://var/cache", ["pagecache.E003"]),
    ],
)
def test_the_address_of_the_store_is_understood_or_complained_of(settings, url, errors):
    settings.PAGE_CACHE_URL = url
    assert found(store_is_usable) == errors


def test_a_folder_that_is_none_is_complained_of(settings, tmp_path):
    settings.PAGE_CACHE_URL = f"file://{tmp_path / 'a' / 'b'}"
    assert found(folder_can_be_written) == []
    (tmp_path / "a").write_text("a file")
    assert found(folder_can_be_written) == ["pagecache.E004"]
