"""The site as it is, but that on the slowest machine nobody gives up Redis, or a page that another makes."""

from antiempire.wsgi import application
from pagecache import flights, redis_pages, stores

flights.PATIENCE_SECONDS = 100.0
redis_pages.LOCKED_MILLISECONDS = 100_000
redis_pages.TIMEOUT_SECONDS = 20.0
stores.forget()

__all__ = ["application"]
