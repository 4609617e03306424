"""
What may happen to a comment and to who wrote it. These verbs alone write a comment's status and an article's count.
Each opens its own transaction, locks what it judges (comments, then their articles' discussions, then people, each in
the order of their keys), may be repeated, and raises `Refused` with words for whoever asked. Several in one
transaction of the caller's keep that order only if the comments are locked in it beforehand: `in_batch` does without.
"""

from comments.findings import Finding, Refused
from comments.moderation.asked import settle_question
from comments.moderation.batches import Outcome, in_batch
from comments.moderation.deciding import approve, hide, keep, mark_spam, reject, remove
from comments.moderation.people import ban_person, unban, wait_always, wait_no_more
from comments.moderation.reading_people import recommend, report, show_recommends, unrecommend
from comments.moderation.submitting import Submission, prove, submit
from comments.moderation.undoing import undo
from comments.moderation.writers import edit, withdraw

__all__ = [
    "Finding",
    "Outcome",
    "Refused",
    "Submission",
    "approve",
    "ban_person",
    "edit",
    "hide",
    "in_batch",
    "keep",
    "mark_spam",
    "prove",
    "recommend",
    "reject",
    "remove",
    "report",
    "settle_question",
    "show_recommends",
    "submit",
    "unban",
    "undo",
    "unrecommend",
    "wait_always",
    "wait_no_more",
    "withdraw",
]
