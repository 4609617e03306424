"""For the timer: what about commenters has been kept long enough."""

from django.core.management.base import BaseCommand

from comments import retention


class Command(BaseCommand):
    help = "Drops digests of network addresses, old suspected spam, and questions the spam service never answered."

    def handle(self, **options):
        networks, questions = retention.empty_networks(), retention.close_questions()
        comments, people = retention.delete_spam()
        self.stdout.write(
            f"{networks} digests emptied, {questions} questions closed; "
            f"{comments} comments and {people} people deleted."
        )
