"""Asks the spam service whether it knows our key."""

from django.core.management.base import BaseCommand, CommandError

from comments.screening import akismet


class Command(BaseCommand):
    help = "Asks the spam service named by AKISMET_URL whether it knows AKISMET_KEY. Sends nothing about readers."

    def handle(self, **options):
        if not akismet.is_on():
            raise CommandError("There is no AKISMET_KEY: no service is asked, and nothing is sent to anybody.")
        try:
            is_known = akismet.verify_key()
        except akismet.NoAnswer as silence:
            raise CommandError(f"The service gave no usable answer: {silence}.") from silence
        if not is_known:
            raise CommandError("The service does not know this key for this site.")
        self.stdout.write("The service knows the key.")
