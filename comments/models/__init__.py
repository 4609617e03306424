from comments.models.comment import Act, Comment, Recommendation, Report, Revision, Suspicion
from comments.models.desk import ModeratorMail
from comments.models.person import Commenter, Mute
from comments.models.rules import CommentSettings, Discussion, Mode, WordRule
from comments.models.service import ServiceQuestion
from comments.models.thread import Thread

__all__ = [
    "Act",
    "Comment",
    "CommentSettings",
    "Commenter",
    "Discussion",
    "Mode",
    "ModeratorMail",
    "Mute",
    "Recommendation",
    "Report",
    "Revision",
    "ServiceQuestion",
    "Suspicion",
    "Thread",
    "WordRule",
]
