"""How many links a comment may hold. Links to this site count for nothing."""

from comments.findings import Finding
from comments.screening.reading import Reading

LAYER = "links"


def findings(reading: Reading) -> list[Finding]:
    count, allowed = len(reading.links), reading.rules.most_links
    if count <= allowed:
        return []
    return [Finding(LAYER, f"{count} link{'' if count == 1 else 's'}; the rule allows {allowed or 'none'}")]
