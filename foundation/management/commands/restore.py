"""Puts a backup back. Stop the site, the worker and the timers first: docs/backups.md."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation.backups import BackupFailed, restoring


class Command(BaseCommand):
    help = "Puts a backup back into an empty database, or with --replace into one that is not."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", help="one backup, as manage.py backup has named it")
        parser.add_argument("--replace", action="store_true", help="lose what the database holds now")
        parser.add_argument("--check", action="store_true", help="only look whether it is whole and can be put back")
        parser.add_argument(
            "--forgotten", help="a further list of forgotten people, if a newer one is elsewhere than beside the backup"
        )

    def handle(self, *, folder, replace, check, forgotten, **options):
        place = Path(folder).absolute()
        try:
            if check:
                manifest, troubles = restoring.check(place), []
            else:
                further = Path(forgotten) if forgotten else None
                manifest, troubles = restoring.put_back(place, replaces=replace, further_list=further)
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        done = "Whole" if check else "Restored"
        pictures = sum(1 for _ in manifest.media)
        self.stdout.write(f"{done}: {manifest.site} as of {manifest.made_at}, {pictures} files of pictures.")
        if manifest.missing:
            self.stdout.write(f"{len(manifest.missing)} files were missing on the site already when it was made.")
        if troubles:
            said = "\n".join(troubles)
            raise CommandError(f"The backup is in place, but not everybody could be forgotten again:\n{said}")
