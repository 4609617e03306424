"""
The masthead's accent as a stylesheet. An editor may pick any colour; readers get the nearest one of the same hue
that can be read on our papers. It is sent behind the site's own sheet, in one answer, whose address is made from its
content.
"""

import colorsys
import hashlib
from functools import lru_cache

from django.conf import settings

from foundation import bundles

# The backgrounds of tokens.css on which the accent is printed as text.
LIGHT_PAPERS = ("#fbf8f2", "#f3eee4")
DARK_PAPERS = ("#161412", "#211e1b")
INKS = ("#ffffff", "#161412")

# WCAG 2.2, criterion 1.4.3.
LEAST_CONTRAST = 4.5
STEPS = 200


def contrast(one: str, other: str) -> float:
    """The WCAG ratio of two colours written like #9b2226, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable_on(colour: str, papers: tuple[str, ...]) -> str:
    """The colour itself, or its hue made lighter or darker, away from the papers, just until it can be read on all."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    end = 0.0 if _luminance(papers[0]) > 0.5 else 1.0
    for step in range(STEPS + 1):
        shade = colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / STEPS, saturation)
        candidate = _written(shade) if step else colour.lower()
        if all(contrast(candidate, paper) >= LEAST_CONTRAST for paper in papers):
            return candidate
    raise ValueError(f"No shade of {colour} can be read on {papers}.")


def ink_on(colour: str) -> str:
    """What to print on a button of this colour."""
    return max(INKS, key=lambda ink: contrast(ink, colour))


def stylesheet(accent: str) -> str:
    """The accent for light and dark paper, with a plain light value for browsers that do not know light-dark()."""
    light, dark = readable_on(accent, LIGHT_PAPERS), readable_on(accent, DARK_PAPERS)
    return (
        f":root{{--accent:{light};--accent-ink:{ink_on(light)}}}\n"
        "@supports (color:light-dark(#000,#fff)){:root{"
        f"--accent:light-dark({light},{dark});--accent-ink:light-dark({ink_on(light)},{ink_on(dark)})"
        "}}\n"
    )


def whole(accent: str) -> str:
    """All that a public page is styled with."""
    return bundles.text_of("css/site.css") + stylesheet(accent)


def fingerprint(accent: str) -> str:
    """Names the sheet in its address, so that browsers may keep it for ever."""
    return _fingerprint(accent) if settings.DEBUG else _fingerprint_once(accent)


def _fingerprint(accent: str) -> str:
    return hashlib.sha256(whole(accent).encode()).hexdigest()[:16]


# What was collected stays as it is for as long as a process lives.
_fingerprint_once = lru_cache(maxsize=16)(_fingerprint)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
