"""Steps in any order, on a store of their own: in files, or in the Redis of `url`."""

import tempfile

from django.test import override_settings
from hypothesis import settings as how
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from pagecache import stores


class StoreSequence(RuleBasedStateMachine):
    url = ""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = self.url or f"file://{self.folder.name}/pages"
        self.settings = override_settings(PAGE_CACHE_URL=url, PAGE_CACHE_FOLDER=f"{self.folder.name}/local")
        self.settings.enable()
        self.set_clock()
        self.store = stores.current()
        self.version = 0

    def set_clock(self):
        """Before the store is opened, which begins with an instant."""

    def teardown(self):
        stores.forget()
        self.settings.disable()
        self.folder.cleanup()

    def _begin_with_another_board(self):
        """Somebody emptied the folder: nothing of before may be shown."""
        (self.store.intents.folder.parent / "board").unlink()
        self.store = stores.current()


def run(machine, **options):
    options = {"max_examples": 25, "stateful_step_count": 25, "deadline": None} | options
    run_state_machine_as_test(machine, settings=how(**options))
