"""manage.py load_sample_comments: what invented readers say below the sample articles."""

from django.core.management.base import BaseCommand, CommandError

from comments.sample import loading
from comments.sample.talk import BadSampleFile


class Command(BaseCommand):
    help = (
        "Loads some hundred invented comments below the sample articles, some of them waiting for a moderator. "
        "A site that has any comment is left as it is."
    )

    def handle(self, *, verbosity: int, **options):
        def tell(line: str) -> None:
            if verbosity:
                self.stdout.write(line)

        try:
            if not loading.load(tell):
                tell("This site has comments, or none of the sample articles; nothing was changed.")
        except BadSampleFile as error:
            raise CommandError(str(error)) from error
