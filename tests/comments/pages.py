"""
The pages of a commenter's own, by their routes' names; tests/comments/test_mine_pages.py opens them. And those of
comments with a form, or that lead on: tests/comments/test_form_pages.py opens these. Moderators' are opened by
tests/comments/test_moderators_letters.py.
"""

from comments import moderator_urls, person_urls

PERSON_PAGES = {pattern.name for pattern in person_urls.urlpatterns}
MODERATOR_PAGES = {pattern.name for pattern in moderator_urls.urlpatterns}
READER_PAGES = {"comments_root", "comment", "comment_write", "comment_own", "comment_own_on", "comment_edit"} | {
    "comment_withdraw",
    "comment_recommend",
    "comment_report",
    "comment_reported",
}
