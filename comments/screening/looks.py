"""
What a comment looks like, all signs together: points are added, and only their sum makes it wait. Each sign is then
told, so that a moderator sees why. Of somebody known, whose comments were found good, only disguises count.
"""

from comments.findings import Finding
from comments.screening import signs, weights
from comments.screening.reading import Reading

LAYER = "looks"
ABOUT_ANYBODY = (signs.of_letters, signs.of_contacts, signs.of_words)
ABOUT_NEWCOMERS = (signs.of_the_name, signs.of_links, signs.of_language, signs.of_haste, signs.of_the_article)
KNOWN_WEIGH = 0.5  # of what somebody known says


def findings(reading: Reading) -> list[Finding]:
    total, found = score(reading)
    if total < weights.WAITS_AT:
        return []
    is_spam = total >= weights.SPAM_AT
    told = sorted((sign for sign in found if sign.points > 0), key=lambda sign: -sign.points)
    return [Finding(LAYER, sign.reason[:300], is_spam=is_spam) for sign in told[:8]]


def score(reading: Reading) -> tuple[float, list[signs.Sign]]:
    found = [sign for layer in ABOUT_ANYBODY for sign in layer(reading)]
    if reading.is_known:
        return KNOWN_WEIGH * sum(sign.points for sign in found), found
    found += [sign for layer in ABOUT_NEWCOMERS for sign in layer(reading)]
    kinds = {sign.kind for sign in found}
    if {"trade", "contact"} <= kinds:
        found.append(signs.Sign(weights.POINTS["a trade with a way to answer"], "A trade, and a way to reach it"))
    if {"urging", "contact"} <= kinds:
        found.append(signs.Sign(weights.POINTS["urging with a way to answer"], "Urging, and a way to follow it"))
    if "contact" in kinds and reading.is_about_the_article is False:
        points = weights.POINTS["a way to answer, nothing of the article"]
        found.append(
            signs.Sign(points, "An address or number to turn to, in words that have nothing to do with the article")
        )
    return sum(sign.points for sign in found), found
