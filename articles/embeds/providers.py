"""
Data: which addresses are posts of which platform, what each post is called there, and where the platform tells about
it. Pure: nothing here asks anybody. A new platform is one entry in `PROVIDERS` and a recorded answer in the tests.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit

LONGEST_ADDRESS = 500
LONGEST_ID = 200


@dataclass(frozen=True)
class Match:
    """A post: the platform, its id there, and the one address we keep of the many it has."""

    provider: str
    external_id: str
    url: str

    @property
    def key(self) -> str:
        return f"{self.provider}:{self.external_id}"


@dataclass(frozen=True)
class Form:
    """One shape of address. Names in `path` and `query` patterns fill the canonical address and the id."""

    path: re.Pattern
    url: str
    external_id: str = "{id}"
    query: dict[str, re.Pattern] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()  # empty: all of the provider's


@dataclass(frozen=True)
class Provider:
    name: str
    site: str  # what readers call it
    hosts: frozenset[str]  # empty: any public host, known by the path alone
    forms: tuple[Form, ...]
    endpoint: str = ""  # empty: the platform tells nobody, snapshots are written by hand
    endpoint_hosts: frozenset[str] = frozenset()  # empty: the post's own host
    parameters: dict[str, str] = field(default_factory=dict)
    needs_token: bool = False
    tells_text: bool = False  # others tell who and what, or fill the paragraph with their own words
    ignores_case: bool = False
    player: str = ""
    picture_hosts: re.Pattern | None = None  # of the whole name; None: it has no pictures for us

    def keeps_pictures_at(self, host: str | None) -> bool:
        return bool(host and self.picture_hosts and self.picture_hosts.fullmatch(host))

    @property
    def is_video(self) -> bool:
        return bool(self.player)


@dataclass(frozen=True)
class Question:
    """What to ask about a post: an address with parameters, and the hosts that may answer."""

    endpoint: str
    hosts: frozenset[str]
    parameters: dict[str, str]


def _hosts(*domains: str, prefixes: str = "www m mobile") -> frozenset[str]:
    return frozenset(
        host for domain in domains for host in (domain, *(f"{prefix}.{domain}" for prefix in prefixes.split()))
    )


def _form(path: str, url: str, *, hosts: str = "", external_id: str = "{id}", **query: str) -> Form:
    asked = {name: re.compile(pattern + r"\Z") for name, pattern in query.items()}
    return Form(re.compile(path + r"/?\Z"), url, external_id, asked, frozenset(hosts.split()))


_NUMBER = r"(?P<id>[1-9][0-9]{0,18})"
_TWEET_USER = r"(?P<user>[A-Za-z0-9_]{1,20})"
_TWEET_TAIL = "(?:/(?:photo|video|mediaviewer)/[0-9]{1,2}|/(?:analytics|history|likes|quotes|retweets))?"
_TWEET = rf"status(?:es)?/{_NUMBER}{_TWEET_TAIL}"
_VIDEO = r"(?P<id>[A-Za-z0-9_-]{11})"
_FACEBOOK_POST = r"(?P<id>(?:pfbid)?[A-Za-z0-9]{5,120})"
_FACEBOOK_USER = r"(?P<user>[A-Za-z0-9.]{1,80})"
_BLUESKY_USER = r"(?P<user>(?:[A-Za-z0-9-]+\.)+[A-Za-z]+|did:[a-z]+:[\w.:-]+)"

_A_TWEET = "https://x.com/{user}/status/{id}"
_A_TWEET_OF_NOBODY = "https://x.com/i/status/{id}"
_A_YOUTUBE_VIDEO = "https://www.youtube.com/watch?v={id}"
_A_TOOT = "https://{host}/@{user}/{id}"

PROVIDERS = (
    Provider(
        name="tweet",
        site="X",
        # The last two rows are mirrors of tweets: same paths, and the number is what counts.
        hosts=_hosts("twitter.com", "x.com")
        | _hosts("fxtwitter.com", "vxtwitter.com", "fixupx.com", "fixvx.com", prefixes="www d")
        | _hosts("nitter.net", "nitter.poast.org", "xcancel.com", "twstalker.com", prefixes="www"),
        forms=(
            _form(rf"/i(?:/web)?/{_TWEET}", _A_TWEET_OF_NOBODY),
            _form(rf"/statuses/{_NUMBER}", _A_TWEET_OF_NOBODY),
            _form(rf"/(?:#!/)?{_TWEET_USER}/{_TWEET}", _A_TWEET),
        ),
        endpoint="https://publish.x.com/oembed",
        endpoint_hosts=frozenset({"publish.x.com", "publish.twitter.com"}),
        parameters={"omit_script": "1", "dnt": "true", "hide_thread": "true"},
        tells_text=True,
    ),
    Provider(
        name="youtube",
        site="YouTube",
        hosts=_hosts("youtube.com", prefixes="www m music")
        | _hosts("youtube-nocookie.com", "youtu.be", prefixes="www"),
        forms=(
            _form("/watch", _A_YOUTUBE_VIDEO, v=_VIDEO),
            _form(rf"/(?:shorts|embed|live|v|e)/{_VIDEO}", _A_YOUTUBE_VIDEO),
            _form(rf"/{_VIDEO}", _A_YOUTUBE_VIDEO, hosts="youtu.be www.youtu.be"),
        ),
        endpoint="https://www.youtube.com/oembed",
        endpoint_hosts=frozenset({"www.youtube.com"}),
        parameters={"format": "json"},
        player="https://www.youtube-nocookie.com/embed/{id}?autoplay=1&rel=0",
        picture_hosts=re.compile(r"i\.ytimg\.com"),
    ),
    Provider(
        name="vimeo",
        site="Vimeo",
        hosts=_hosts("vimeo.com", prefixes="www player"),
        forms=(
            # A video that is not listed carries a second part, without which nobody may see it.
            _form(rf"/{_NUMBER}/(?P<key>[0-9a-f]{{6,20}})", "https://vimeo.com/{id}/{key}", external_id="{id}/{key}"),
            _form(
                rf"/video/{_NUMBER}",
                "https://vimeo.com/{id}/{key}",
                external_id="{id}/{key}",
                h=r"(?P<key>[0-9a-f]{6,20})",
            ),
            _form(rf"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?{_NUMBER}", "https://vimeo.com/{id}"),
        ),
        endpoint="https://vimeo.com/api/oembed.json",
        endpoint_hosts=frozenset({"vimeo.com"}),
        parameters={"dnt": "1"},
        player="https://player.vimeo.com/video/{id}?autoplay=1&dnt=1&h={key}",
        picture_hosts=re.compile(r"i\.vimeocdn\.com"),
    ),
    Provider(
        name="telegram",
        site="Telegram",
        hosts=_hosts("t.me", "telegram.me", prefixes="www"),
        forms=(
            _form(
                r"/(?:s/)?(?P<user>[A-Za-z][A-Za-z0-9_]{3,31})/(?P<id>[1-9][0-9]{0,9})",
                "https://t.me/{user}/{id}",
                external_id="{user}/{id}",
            ),
        ),
        ignores_case=True,
    ),
    Provider(
        name="instagram",
        site="Instagram",
        hosts=_hosts("instagram.com", prefixes="www m"),
        forms=(
            _form(
                r"(?:/[A-Za-z0-9._]{1,30})?/(?P<kind>p|reel|tv)/(?P<id>[A-Za-z0-9_-]{5,40})(?:/embed(?:/captioned)?)?",
                "https://www.instagram.com/{kind}/{id}/",
            ),
        ),
        endpoint="https://graph.facebook.com/v23.0/instagram_oembed",
        endpoint_hosts=frozenset({"graph.facebook.com"}),
        parameters={"omitscript": "true"},
        needs_token=True,
    ),
    Provider(
        name="facebook",
        site="Facebook",
        hosts=_hosts("facebook.com", prefixes="www m web mbasic"),
        forms=(
            _form("/watch", "https://www.facebook.com/watch/?v={id}", v=r"(?P<id>[0-9]{5,20})"),
            _form(r"/photo(?:\.php)?", "https://www.facebook.com/photo.php?fbid={id}", fbid=r"(?P<id>[0-9]{5,20})"),
            _form(
                r"/(?:permalink|story)\.php",
                "https://www.facebook.com/permalink.php?story_fbid={post}&id={page}",
                external_id="{page}/{post}",
                story_fbid=r"(?P<post>(?:pfbid)?[A-Za-z0-9]{5,120})",
                id=r"(?P<page>[0-9]{3,20})",
            ),
            _form(rf"/reel/{_FACEBOOK_POST}", "https://www.facebook.com/reel/{id}"),
            _form(
                rf"/{_FACEBOOK_USER}/(?P<kind>posts|videos)/(?:[\w.%-]+/)?{_FACEBOOK_POST}",
                "https://www.facebook.com/{user}/{kind}/{id}",
            ),
        ),
        endpoint="https://graph.facebook.com/v23.0/oembed_post",
        endpoint_hosts=frozenset({"graph.facebook.com"}),
        parameters={"omitscript": "true"},
        needs_token=True,
    ),
    Provider(
        name="tiktok",
        site="TikTok",
        hosts=_hosts("tiktok.com", prefixes="www m"),
        forms=(
            _form(
                rf"/@(?P<user>[A-Za-z0-9._]{{1,30}})/(?P<kind>video|photo)/{_NUMBER}",
                "https://www.tiktok.com/@{user}/{kind}/{id}",
            ),
        ),
        endpoint="https://www.tiktok.com/oembed",
        endpoint_hosts=frozenset({"www.tiktok.com"}),
        player="https://www.tiktok.com/player/v1/{id}?autoplay=1",
        # One of many: p16-sign-va.tiktokcdn.com, p19-common-sign.tiktokcdn-eu.com, by network, purpose and region.
        picture_hosts=re.compile(r"p[0-9]{1,3}(?:-[a-z0-9]{1,20}){0,4}\.tiktokcdn(?:-us|-eu)?\.com"),
    ),
    Provider(
        name="bluesky",
        site="Bluesky",
        hosts=_hosts("bsky.app", prefixes="www"),
        forms=(
            _form(
                rf"/profile/{_BLUESKY_USER}/post/(?P<id>[a-z0-9]{{8,20}})",
                "https://bsky.app/profile/{user}/post/{id}",
                external_id="{user}/{id}",
            ),
        ),
        endpoint="https://embed.bsky.app/oembed",
        endpoint_hosts=frozenset({"embed.bsky.app"}),
        parameters={"format": "json"},
        tells_text=True,
        ignores_case=True,
    ),
    Provider(
        name="mastodon",
        site="Mastodon",
        hosts=frozenset(),
        forms=(
            _form(
                r"(?:/web|/deck)?/@(?P<user>[A-Za-z0-9_]{1,60}(?:@[A-Za-z0-9.-]{1,200})?)/(?P<id>[0-9]{5,20})(?:/embed)?",
                _A_TOOT,
                external_id="{host}/{id}",
            ),
            _form(
                r"/users/(?P<user>[A-Za-z0-9_]{1,60})/statuses/(?P<id>[0-9]{5,20})", _A_TOOT, external_id="{host}/{id}"
            ),
        ),
        endpoint="https://{host}/api/oembed",
    ),
)

_BY_NAME = {provider.name: provider for provider in PROVIDERS}
_BY_HOST = {host: provider for provider in PROVIDERS for host in provider.hosts}
_HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
_NOT_PUBLIC = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa", ".test")
_SHORTENERS = frozenset({"t.co", "fb.watch", "vm.tiktok.com", "vt.tiktok.com", "bit.ly", "tinyurl.com"})


def provider_named(name: str) -> Provider:
    return _BY_NAME[name]


def recognise(address: str) -> Match | None:
    """The post behind an address, or None. Hosts are compared exactly: neither notx.com nor x.com.evil.example is X."""
    parts = _split(address)
    if parts is None:
        return None
    provider = _BY_HOST.get(parts.hostname) or (_BY_NAME["mastodon"] if _is_public_name(parts.hostname) else None)
    for form in provider.forms if provider else ():
        if named := _fitting(form, parts):
            external_id = form.external_id.format_map(named)
            if provider.ignores_case:
                external_id = external_id.lower()
            match = Match(provider.name, external_id, form.url.format_map(named))
            return match if len(external_id) <= LONGEST_ID and len(match.url) <= LONGEST_ADDRESS else None
    return None


def is_shortened(address: str) -> bool:
    """Whether only the shortening service knows what stands behind the address."""
    parts = _split(address)
    return parts is not None and parts.hostname in _SHORTENERS


def question_about(match: Match, *, token: str = "") -> Question | None:
    """What to ask about a post; None where the platform answers nobody, or nobody without a token."""
    provider = _BY_NAME[match.provider]
    if not provider.endpoint or (provider.needs_token and not token):
        return None
    host = urlsplit(match.url).hostname or ""
    parameters = {"url": match.url, **provider.parameters}
    if provider.needs_token:
        parameters["access_token"] = token
    return Question(provider.endpoint.format(host=host), provider.endpoint_hosts or frozenset({host}), parameters)


def player_address(provider_name: str, external_id: str) -> str | None:
    """The provider's own player for a video; None for posts that are no video."""
    provider = _BY_NAME[provider_name]
    if not provider.player:
        return None
    name, _, key = external_id.partition("/")
    return provider.player.format(id=name, key=key).removesuffix("&h=")


def _split(address: str) -> SplitResult | None:
    """A plain http address in parts; None for what browsers and servers might read in two ways."""
    address = address.strip()
    if len(address) > 4 * LONGEST_ADDRESS or any(ord(letter) <= 0x20 or letter in "\\\x7f" for letter in address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or port not in (None, 80, 443) or "@" in parts.netloc:
        return None
    return parts if parts.hostname else None


def _fitting(form: Form, parts: SplitResult) -> dict[str, str] | None:
    """The named parts of an address that has this form."""
    path = parts.path
    if parts.fragment.startswith("!/") and path in ("", "/"):
        path = "/#" + parts.fragment.partition("?")[0]
    match = form.path.match(path)
    if match is None or (form.hosts and parts.hostname not in form.hosts):
        return None
    named = {"host": parts.hostname, **match.groupdict()}
    values = parse_qs(parts.query) if form.query else {}
    for name, pattern in form.query.items():
        asked = pattern.match(values.get(name, [""])[0])
        if asked is None:
            return None
        named |= asked.groupdict()
    return named


def _is_public_name(host: str) -> bool:
    return bool(_HOST_NAME.match(host)) and not host.endswith(_NOT_PUBLIC)
