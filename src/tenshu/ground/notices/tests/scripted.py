"""A server that says what a test wants it to say, on loopback."""

import socket
import threading
import time


class scripted:  # noqa: N801 - used as a function
    """Answers each line by the next of its own, keeps what follows 354, and hangs up at the end; gives its port."""

    def __init__(self, answers: list[bytes], *, thinks: float = 0) -> None:
        self.answers, self.thinks = answers, thinks
        self.content = b""

    def __enter__(self) -> int:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._talk, daemon=True)
        self.thread.start()
        return int(self.server.getsockname()[1])

    def _talk(self) -> None:
        connection, _ = self.server.accept()
        with connection, connection.makefile("rb") as lines:
            for answer in self.answers:
                connection.sendall(answer + b"\r\n")
                if answer.startswith(b"354"):
                    while (line := lines.readline()) != b".\r\n":
                        self.content += line
                    time.sleep(self.thinks)
                else:
                    lines.readline()

    def __exit__(self, *_: object) -> None:
        self.thread.join(5)
        self.server.close()
