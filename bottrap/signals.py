"""
Whether a visit may count at all. What a browser asks for by itself, what another site made it ask for, and what only
draws a preview of a link says nothing about who sits there. Pure: headers in, a reason out.
"""

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_AHEAD_WORDS = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
_FROM_HERE = {"", "same-origin", "none"}
_BROWSERS = ("Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-Site", "Upgrade-Insecure-Requests")

# Programs that fetch a page to show a card of it where somebody pasted its link; the last words fit many small ones.
_PREVIEWS = re.compile(
    r"facebookexternalhit|facebookcatalog|meta-externalfetcher|twitterbot|slackbot|slack-imgproxy|telegrambot|whatsapp|"
    r"discordbot|linkedinbot|skypeuripreview|skypespaces|teamsbot|microsoftpreview|mastodon|pleroma|akkoma|misskey|"
    r"firefish|sharkey|friendica|lemmy|kbin|mbin|hubzilla|pixelfed|peertube|gotosocial|bluesky|cardyb|redditbot|"
    r"pinterest|vkshare|viber|snapchat|tumblr|flipboard|iframely|embedly|synapse|matrix|element|signal|line-poker|"
    r"kakaotalk|zoombot|zulip|mattermost|rocket\.chat|nextcloud|trello|notion|bitlybot|google-pagerenderer|"
    r"googlemessages|imessagebot|ms-office|outlook|thunderbird|facebot|externalhit|odklbot|vkrobot|linespider|hatena|"
    r"groupmebot|keybasebot|summalybot|steamchaturllookup|tiktokspider|quora-bot|xing bot|goodreads|codabot|loomlybot|"
    r"everyonesocialbot|tweetmemebot|newsharecounts|jetslide|addthis|evernoterichlinkbot|metatagfetcher|peekbot|"
    r"dingtalkbot-linkservice|forum onebox|fastmailua|yahoomailproxy|googleimageproxy|twilioproxy|github-camo|"
    r"shortwave image|aasa-bot|listgembot|9bot/|\bning/|supabase paired|\(dbot\)|"
    r"preview|unfurl|oembed|opengraph|open graph|link ?expand|metadata|metainspector",
    re.IGNORECASE,
)


def why_not_counted(method: str, headers: Mapping[str, str], own_hosts: Collection[str]) -> str:
    """The reason not to count a visit, or an empty string for one that a person or a robot made of its own will."""
    if method != "GET":
        return f"a {method} request"[:40]
    if any(_AHEAD_WORDS.search(headers.get(name, "")) for name in _AHEAD):
        return "fetched ahead by a browser"
    if headers.get("Sec-Fetch-Dest", "document").strip().lower() != "document":
        return "part of another page"
    if headers.get("Sec-Fetch-Site", "").strip().lower() not in _FROM_HERE:
        return "made by another site"
    if not _is_ours(headers.get("Referer", ""), own_hosts):
        return "led here by another site"
    if _PREVIEWS.search(headers.get("User-Agent", "")):
        return "a preview of a link"
    return ""


def is_a_browser(headers: Mapping[str, str]) -> bool:
    """
    Whether it asks as browsers do when somebody opens a page; every one since 2016 sends at least the last of these.
    Robots can say so too: it earns nobody more than a second chance.
    """
    return any(headers.get(name) for name in _BROWSERS)


def _is_ours(referer: str, own_hosts: Collection[str]) -> bool:
    if not referer:
        return True
    try:
        return urlsplit(referer).netloc.lower() in own_hosts
    except ValueError:
        return False
