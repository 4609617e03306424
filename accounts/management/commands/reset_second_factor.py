"""
For somebody who lost every second factor and every recovery code: whoever has the shell of the machine takes them all
away, after making sure by other means who is asking. The next sign-in then sets up a new one.
"""

import logging

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from accounts.staff import factors, letters, rights, sessions

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Takes all second factors of one person away and ends their sessions. It is logged, and they get a letter."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        person = User.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        with transaction.atomic():
            removed = factors.remove_all(person)
            ended = sessions.end(person)
            rights.write(person, f"all second factors taken away ({removed}), sessions ended ({ended})")
            letters.tell(
                person,
                "Your second factors were taken away",
                "Somebody with access to the server took all your second factors and recovery codes away, as was asked "
                "for. When you sign in next, you set up a new one.",
            )
        logger.warning("All second factors of user %s were taken away at the shell", person.pk)
        self.stdout.write(f"Taken away: {removed}. Sessions ended: {ended}. The next sign-in sets up a new one.")
