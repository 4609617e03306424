from django.core.management.base import BaseCommand, CommandError

from pagecache import purge_gone, purge_stale, stores
from pagecache.keeping import EVERYTHING


class Command(BaseCommand):
    help = "Has stored pages made anew: all of them, or those with the named tags. For after a change to templates."

    def add_arguments(self, parser):
        parser.add_argument("tags", nargs="*", help="such as article:12, listings, banner, masthead; without any, all")
        parser.add_argument("--gone", action="store_true", help="take every copy away instead of making it anew")

    def handle(self, *args, tags, gone, **options):
        if stores.current() is None:
            raise CommandError("No pages are stored: PAGE_CACHE_URL is empty.")
        (purge_gone if gone else purge_stale)(*(tags or [EVERYTHING]))
