"""
The Prometheus client, set up so that several processes, on one machine or in containers with one volume, count into one
folder. It looks at the environment when it is first imported, so it is imported here and nowhere else.
"""

import os
import platform
from pathlib import Path

from django.conf import settings

FOLDER = settings.METRICS_FOLDER
if FOLDER:
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = FOLDER

import prometheus_client  # noqa: E402
from prometheus_client import multiprocess, values  # noqa: E402

if FOLDER:
    # Processes in two containers often have the same number.
    values.ValueClass = values.MultiProcessValue(lambda: f"{platform.node()}-{os.getpid()}")

__all__ = ["FOLDER", "multiprocess", "prometheus_client"]
