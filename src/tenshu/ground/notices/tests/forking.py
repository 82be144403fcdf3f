"""A process that has Django ready and forks senders on demand: a real process each, at no start-up cost."""

import os
import sys
import time


def main() -> None:
    """Each line on standard input starts a sender that sends until it is killed; its id is the answer."""
    import django

    django.setup()
    from django.db import connections

    from tenshu.ground.notices.delivery import Sender

    for _ in sys.stdin:
        connections.close_all()
        pid = os.fork()
        if pid:
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            continue
        while True:
            Sender().run()
            time.sleep(0.02)


if __name__ == "__main__":
    main()
