"""The site, and beside it an address that tells who answers and what lot the process drew."""

import os
import random

from antiempire.wsgi import application as site

# Made before workers are forked, and nobody reseeds it: each has its own copy, and draws the same.
forked = random.Random(7)


def application(environ, start_response):
    if environ["PATH_INFO"] != "/draw":
        return site(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Connection", "close")])
    return [f"{os.getpid()} {random.getrandbits(64)} {forked.getrandbits(64)}".encode()]
