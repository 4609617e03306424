"""Keeps FRONT_BANS_FILE, the front server's list of who is banned. A timer runs it every minute."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bottrap import export


class Command(BaseCommand):
    help = "Writes the bans in force to FRONT_BANS_FILE, if they have changed."

    def handle(self, **options):
        if not settings.FRONT_BANS_FILE:
            raise CommandError("FRONT_BANS_FILE names no file.")
        is_new = export.write(Path(settings.FRONT_BANS_FILE))
        self.stdout.write("Written: nginx has to read it anew." if is_new else "Nothing has changed.")
