"""Letters as a phone shows them, with what people write into them."""

import pytest

from foundation import letter_paper
from tests.browser.test_pages import LONG_WORD, overflow

LONG = f"See https://example.org/{'a' * 200} and {LONG_WORD * 3}"
FACTS = {
    "comments/letters/reply": {"by": LONG_WORD * 2, "headline": LONG_WORD * 2, "text": LONG, "stop_url": "#"},
    "comments/letters/waiting": {
        "number": 1,
        "entries": [{"name": LONG_WORD * 2, "headline": LONG, "words": LONG, "reasons": [LONG], "reports": [LONG]}],
    },
}


@pytest.mark.parametrize("template", FACTS)
def test_long_words_widen_no_letter(open_browser, transactional_db, template):
    page = open_browser(viewport={"width": 320, "height": 700})
    page.set_content(letter_paper.render(template, **FACTS[template]).html)
    assert overflow(page) == 0
