"""What readers get of a thread, finished."""

from django.db import models

from articles.models import Article
from comments.models.comment import Comment


class Thread(models.Model):
    """
    The HTML of all that one comment and its answers show, and what a page of threads must know to lay them out. Written
    by `comments.stored` alone, whenever something in the thread changes; a thread that shows nothing has no row.
    """

    root = models.OneToOneField(Comment, primary_key=True, on_delete=models.CASCADE, related_name="shown_thread")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    begun_at = models.DateTimeField(editable=False)
    public_count = models.PositiveIntegerField(editable=False)
    html = models.TextField(editable=False)
    made_by = models.CharField(max_length=100, editable=False)  # the mark of the renderer, see `comments.specimen`

    class Meta:
        ordering = ["begun_at", "pk"]
        indexes = [models.Index(fields=["article", "begun_at", "root"], name="thread_of_article")]

    def __str__(self):
        return f"Thread {self.pk}, {self.public_count} public"
