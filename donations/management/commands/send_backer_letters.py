"""
Letters that fall due by the calendar: a pledge that is charged in a week, a quarter whose books were closed. Running
it again writes nothing twice.
"""

from django.core.management.base import BaseCommand

from donations import regular_letters


class Command(BaseCommand):
    help = "Writes the letters of charges ahead and of quarters that ended."

    def handle(self, **options):
        ahead, ended = regular_letters.charges_ahead(), regular_letters.quarters_ended()
        self.stdout.write(f"{ahead} letters of charges ahead, {ended} of quarters that ended.")
