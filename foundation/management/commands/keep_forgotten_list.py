"""Writes down beside the backups who was forgotten, for whoever has to restore one. A timer runs it every minute."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation import forgotten


class Command(BaseCommand):
    help = "Keeps the list of forgotten people in BACKUP_FOLDER."

    def handle(self, **options):
        if not settings.BACKUP_FOLDER:
            raise CommandError("BACKUP_FOLDER names no folder.")
        folder = Path(settings.BACKUP_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        forgotten.keep_list(folder)
