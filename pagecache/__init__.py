"""
Whole pages for anonymous readers. These are its words; it knows no other app. Without a store they do nothing. A view
says what its page shows (`depends_on`), an app's `cache_tags.py` says which views may be stored and what makes their
pages old (`register_view`, `register`), and a verb that writes without signals purges by itself.
"""

from pagecache.declaring import depends_on, never_store
from pagecache.keeping import whole_query
from pagecache.purging import purge_gone, purge_stale
from pagecache.registry import register, register_variant, register_view

__all__ = [
    "depends_on",
    "never_store",
    "purge_gone",
    "purge_stale",
    "register",
    "register_variant",
    "register_view",
    "whole_query",
]
