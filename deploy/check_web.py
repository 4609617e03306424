"""
Ends with 0 if the server in this container answers a plain page as the site's readers ask for it: by its public name,
and over https where the site is served so.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

site = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1:8000"))
connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
connection.request("GET", "/robots.txt", headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme})
sys.exit(0 if connection.getresponse().status == http.client.OK else 1)
