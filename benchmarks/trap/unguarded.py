"""Settings for the control: the tests' site, whose trap looks at no header and stops at no number of bans."""

from bottrap import signals
from tests.settings import *  # noqa: F403

signals.why_not_counted = lambda *_: ""
signals.is_a_browser = lambda *_: False
