"""Ends with 0 if the server in this container answers: `/healthz`, or with an argument another such question."""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
connection.request("GET", sys.argv[1] if len(sys.argv) > 1 else "/healthz")
sys.exit(0 if connection.getresponse().status == http.client.OK else 1)
