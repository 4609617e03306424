from django.core.management.base import BaseCommand

from pagecache import stores


class Command(BaseCommand):
    help = "Removes stored pages that are too old to be shown, where the store does not do so itself."

    def handle(self, *args, **options):
        store = stores.current()
        if store is not None:
            with store.asked() as pages:
                pages.prune()
