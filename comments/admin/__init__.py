"""The moderation desk, a module for each of its rooms. Importing them registers them."""

from comments.admin import comments, people, rules

__all__ = ["comments", "people", "rules"]
