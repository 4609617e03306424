"""When the day is over: what the pages say against the rows, the rows against a recount, the ledger against Stripe."""

import re
import urllib.request

from benchmarks.load.readers import SENTENCE

TITLE = re.compile(r'id="comments-title">([\d,]+) comment')


def differences(site, stand_in, talked_about: list) -> list[str]:
    from comments import counting, stored
    from comments.models import Discussion
    from donations import tally, wording
    from foundation import clock
    from tests.donations import comparison

    truth = wording.sentence(tally.for_ask().tally)
    found = comparison.differences(stand_in.see("rows"), site=site.environ["STRIPE_SITE"], now=clock.now())
    found += [f"{row} has {row.true_count} comments and says {row.public_count}" for row in counting.wrong()]
    found += [f"{row}: not every thread is stored" for row in stored.behind()]
    for path in ("/", *(article.get_absolute_url() for article in talked_about)):
        page = _page(site, path)
        if (told := set(_sentences(page))) != {truth}:
            found.append(f"{path} says {sorted(told)}, the ledger {truth}")
    for article in talked_about:
        told = TITLE.search(_page(site, article.get_absolute_url()))
        count = Discussion.objects.values_list("public_count", flat=True).filter(pk=article.pk).first() or 0
        if (int(told[1].replace(",", "")) if told else 0) != count:
            found.append(f"{article} tells of {told and told[1]} comments, and has {count}")
    return found


def _sentences(page: str) -> list[str]:
    return [each.decode() for each in SENTENCE.findall(page.encode())]


def _page(site, path: str) -> str:
    with urllib.request.urlopen(f"{site.front.address}{path}", timeout=30) as answer:  # noqa: S310
        return answer.read().decode()
