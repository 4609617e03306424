"""Like `anew`, and all comments of an article stand on its page, however many."""

from benchmarks.serving.anew import application
from comments import reading

reading.PAGE_SIZE = 1_000_000

__all__ = ["application"]
