"""
Ends the demo's processes once the demo is gone, even if it had no chance to do so itself (`kill -9`).

This process leads the group in which every process of the demo is started. Its standard input is a pipe whose only
writer is the demo: end of file means that the demo has ended, in whatever way.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 5


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    group = os.getpgrp()
    if group != os.getpid():
        sys.exit("The watcher must lead a process group of its own, or it would end strangers.")
    sys.stdin.buffer.read()
    os.killpg(group, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
