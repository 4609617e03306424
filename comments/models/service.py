"""What the optional spam service was asked."""

from django.db import models

from comments.models.comment import Comment
from foundation import clock


class ServiceQuestion(models.Model):
    """
    A comment that the service is asked about. Only while the answer is out does the row hold the reader's network
    address and browser, which the service's protocol wants; the answer empties both. `edited_at` is the comment's, so
    that an answer about other words than it now has counts for nothing.
    """

    class Answer(models.TextChoices):
        NONE = "", "no answer yet"
        HAM = "ham", "not spam"
        SPAM = "spam", "spam"
        SURELY = "surely", "surely spam"
        FAILED = "failed", "gave no answer"

    comment = models.OneToOneField(Comment, primary_key=True, on_delete=models.CASCADE, related_name="service_question")
    address = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=500, blank=True)
    edited_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(default=clock.now)
    answer = models.CharField(max_length=6, choices=Answer, blank=True, default="")
    told = models.CharField(max_length=4, blank=True, default="")  # what a moderator decided and we reported: spam, ham

    def __str__(self):
        return f"{self.comment_id}: {self.get_answer_display()}"
