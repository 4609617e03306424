"""The site as it is, but that on the slowest machine nobody stops waiting for a page that another makes."""

from antiempire.wsgi import application
from pagecache import flights, redis_pages

flights.PATIENCE_SECONDS = 100.0
redis_pages.LOCKED_MILLISECONDS = 100_000

__all__ = ["application"]
