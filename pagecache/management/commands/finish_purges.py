from django.core.management.base import BaseCommand

from pagecache import stores


class Command(BaseCommand):
    help = "Carries out purges that a process could not, where nobody reads pages who would find them first."

    def handle(self, *args, **options):
        store = stores.current()
        if store is None:
            return
        try:
            store.finish()
        except stores.StoreAway:
            self.stderr.write("Stored pages cannot be reached; what waits is carried out when they can.")
