"""manage.py load_sample_content: fills an empty site with an invented newspaper, and for measuring with many copies."""

from django.core.management.base import BaseCommand, CommandError

from articles.sample import copies, loading
from articles.sample.texts import BadSampleFile


class Command(BaseCommand):
    help = (
        "Loads about forty invented articles into a site that has none. A site with articles is left as it is. "
        "Picture sizes are made afterwards by the background worker."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--copies",
            type=int,
            default=0,
            metavar="N",
            help="also add N plain copies of the sample articles, for measuring",
        )

    def handle(self, *, copies: int, verbosity: int, **options):
        if copies < 0:
            raise CommandError("The number of copies cannot be negative.")
        self.verbosity = verbosity
        try:
            self._load()
            if copies:
                self._add_copies(copies)
        except BadSampleFile as error:
            raise CommandError(str(error)) from error

    def _load(self):
        if not loading.load(self._report):
            self._report("This site has articles already; the sample content is left out and nothing was changed.")

    def _add_copies(self, count: int):
        self._report(f"Adding {count} copies")
        copies.add(count, self._report)

    def _report(self, line: str):
        if self.verbosity:
            self.stdout.write(line)
            self.stdout.flush()
