"""The way in. Plain WSGI callables stand in front of Django here, outermost first; today there is none."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antiempire.settings")

application = get_wsgi_application()
