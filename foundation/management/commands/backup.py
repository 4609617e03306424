"""Database and pictures as of one instant, while the site runs. A timer runs it daily where BACKUP_FOLDER is set."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.backups import BackupFailed, making


class Command(BaseCommand):
    help = "Makes a backup of database and pictures in a new folder, checks it, and removes the oldest ones."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.BACKUP_FOLDER, help="without one BACKUP_FOLDER")
        parser.add_argument(
            "--keep",
            type=int,
            default=settings.BACKUPS_KEPT,
            help="so many whole ones stay; 0 keeps all (BACKUPS_KEPT)",
        )

    def handle(self, *, folder, keep, **options):
        if not folder:
            raise CommandError("Name a folder, or set BACKUP_FOLDER.")
        try:
            made = making.make(Path(folder).absolute())
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        gone = making.keep_newest(made.parent, keep)
        self.stdout.write(f"{made}" + (f" ({len(gone)} old ones removed)" if gone else ""))
