"""For the timer: letters about comments whose task was lost between a commit and the queue."""

from django.core.management.base import BaseCommand

from comments import letters


class Command(BaseCommand):
    help = "Writes the letters about comments that appeared within the last hour and were told to nobody."

    def handle(self, *args, **options):
        self.stdout.write(f"{letters.tell_again()} letters written that had been missed.")
