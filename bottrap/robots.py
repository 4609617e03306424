"""
The words of robots.txt, from what apps registered (`foundation.crawling`), the rules of the desk and the switch for AI
crawlers. A crawler that finds a group of its own reads no other (RFC 9309): every group repeats what holds for all.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from bottrap.models import CrawlRule, TrapSettings
from bottrap.paths import TRAP
from foundation import crawling


def text(kept: TrapSettings, rules: Iterable[CrawlRule]) -> str:
    by_agent: dict[str, list[CrawlRule]] = defaultdict(list)
    for rule in rules:
        by_agent[rule.agent].append(rule)
    refused = _ai_crawlers(kept)
    named = sorted(by_agent.keys() - {"*"}, key=str.lower)
    groups = [_group("*", by_agent["*"])]
    groups += [_group(agent, by_agent["*"] + by_agent[agent]) for agent in named if agent.lower() not in refused]
    if refused:
        groups.append([*(f"User-agent: {name}" for name in refused.values()), "Disallow: /"])
    groups.append([f"Sitemap: {settings.SITE_URL}{reverse(name)}" for name in crawling.sitemaps()])
    return "\n\n".join("\n".join(lines) for lines in groups if lines) + "\n"


def _group(agent: str, rules: list[CrawlRule]) -> list[str]:
    """What is disallowed comes first, for crawlers that obey the first line that fits instead of the longest."""
    own = {CrawlRule.Verdict.DISALLOW: [], CrawlRule.Verdict.ALLOW: []}
    for rule in rules:
        own[rule.verdict].append(rule.path)
    disallowed = dict.fromkeys([TRAP, *crawling.forbidden(), *own[CrawlRule.Verdict.DISALLOW]])
    return [
        f"User-agent: {agent}",
        *(f"Disallow: {path}" for path in disallowed),
        *(f"Allow: {path}" for path in dict.fromkeys(own[CrawlRule.Verdict.ALLOW])),
    ]


def _ai_crawlers(kept: TrapSettings) -> dict[str, str]:
    """Their names as written, by their small letters; none unless the switch is on."""
    if not kept.refuse_ai_crawlers:
        return {}
    names = ("".join(line.split()) for line in kept.ai_crawlers.splitlines())
    return {name.lower(): name for name in names if name and name != "*"}
