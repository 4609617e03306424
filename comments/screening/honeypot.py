"""A field that people do not see and robots fill in. It is enough for spam, which is kept and can be released."""

from comments.findings import Finding
from comments.screening.reading import Reading

LAYER = "honeypot"


def findings(reading: Reading) -> list[Finding]:
    if not reading.candidate.honeypot.strip():
        return []
    return [Finding(LAYER, "A field that people cannot see was filled in", is_spam=True)]
