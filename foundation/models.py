from django.db import models


class TimerRun(models.Model):
    """When a timer's command was last begun, so that of several processes one runs it."""

    command = models.CharField(max_length=60, primary_key=True)
    begun_at = models.DateTimeField()
    failed_with = models.CharField(max_length=300, blank=True, help_text="Of the last run; empty if it went well.")

    class Meta:
        ordering = ["command"]

    def __str__(self):
        return self.command
