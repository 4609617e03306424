"""The pages of a commenter's own, by their routes' names; tests/comments/test_mine_pages.py opens them."""

from comments.person_urls import urlpatterns

PERSON_PAGES = {pattern.name for pattern in urlpatterns}
