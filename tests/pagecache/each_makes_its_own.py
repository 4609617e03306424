"""The site without turns: whoever asks for a page that is not there makes it. A server for tests that must fail."""

import threading

from antiempire.wsgi import application
from pagecache import flights, front

front.Front._claim = lambda self, key: None
flights.Flights.begin = lambda self, key: (True, flights.Flight(threading.Event(), 0.0))

__all__ = ["application"]
