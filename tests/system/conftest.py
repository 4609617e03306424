import pytest

from tests.system.stack import PASSWORD, Stack

PREPARE = f"""
from accounts.models import User
from articles.models import Masthead
from tests import factories
User.objects.create_superuser("editor@example.org", "{PASSWORD}", name="Editor")
for number in range(3):
    factories.published(headline=f"Article {{number}}")
factories.draft(headline="Fresh from the press")
print("prepared")
"""


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    made = Stack(tmp_path_factory.mktemp("stack"))
    try:
        made.start()
        assert made.shell(PREPARE).endswith("prepared")
        yield made
    finally:
        made.stop()
