"""What every public page owes to narrow screens, keyboards, printers, the dark, and browsers without scripts."""

import pytest
from django.core.management import call_command

from articles.models import Article

WIDTHS = [320, 390, 1280]
SEE_TIME_ZONE = {"timezone_id": "UTC"}


@pytest.fixture
def sample_site(transactional_db):
    call_command("load_sample_content", verbosity=0)
    return Article.objects.published().newest_first()
