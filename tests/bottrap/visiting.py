"""Visits to the trap as robots and browsers make them, from an address of the open internet."""

from bottrap import trap_links

ROBOT = "93.184.215.14"
OTHER = "93.184.215.140"
ROBOT_IPV6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Referer": "http://testserver/",
}


def follow(client, link: str, address: str = ROBOT, method: str = "get", **headers):
    return getattr(client, method)(link, REMOTE_ADDR=address, headers={"User-Agent": "a-robot/1.0", **headers})


def follow_both(client, address: str = ROBOT, **headers):
    """What a robot does: the link at the foot of a page, then the one on the warning. Returns the second answer."""
    follow(client, trap_links.first(), address, **headers)
    return follow(client, trap_links.second(), address, **headers)


def numbered(number: int) -> str:
    """One of many addresses of the open internet, each another client."""
    return f"93.184.{number // 250}.{number % 250 + 1}"
