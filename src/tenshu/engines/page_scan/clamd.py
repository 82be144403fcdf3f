"""Optional scan of downloads by a running ClamAV daemon (its INSTREAM command, over TCP or a UNIX socket).

Protocol: man page clamd(8), section COMMANDS.
"""

import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from tenshu.engines.page_scan.kinds import Fact, Kind

_CHUNK = 64 * 1024


class ClamdError(OSError):
    """The daemon cannot be reached or answers nonsense; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """Where the daemon listens (``/run/clamav/clamd.ctl`` or ``host:port``), and seconds to wait for it."""

    address: str
    timeout: float = 30.0

    def _connect(self) -> socket.socket:
        try:
            if "/" in self.address:
                connection = socket.socket(socket.AF_UNIX)
                connection.settimeout(self.timeout)
                connection.connect(str(Path(self.address)))
                return connection
            host, _, port = self.address.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), self.timeout)
        except (OSError, ValueError) as error:
            raise ClamdError(f"ClamAV（{self.address}）に接続できません: {error}") from error

    def _ask(self, connection: socket.socket) -> str:
        answer = bytearray()
        while not answer.endswith(b"\0"):
            piece = connection.recv(4096)
            if not piece:
                break
            answer += piece
        return answer.rstrip(b"\0").decode("utf-8", "replace").strip()

    def scan(self, name: str, data: bytes) -> Fact | None:
        """A fact naming the malware in ``data``, or None when it is clean.

        Raises ClamdError when the daemon does not answer or refuses the stream (over its size limit).
        """
        with self._connect() as connection:
            try:
                connection.sendall(b"zINSTREAM\0")
                for start in range(0, len(data), _CHUNK):
                    piece = data[start : start + _CHUNK]
                    connection.sendall(struct.pack("!I", len(piece)) + piece)
                connection.sendall(struct.pack("!I", 0))
                answer = self._ask(connection)
            except OSError as error:
                raise ClamdError(f"ClamAV（{self.address}）との通信が途切れました: {error}") from error
        if answer.endswith(" FOUND"):
            malware = answer.removeprefix("stream:").removesuffix("FOUND").strip()
            return Fact(Kind.SIGNATURE, f"clamav {malware}", name[:200], ("severity:critical",))
        if not answer.endswith("OK"):
            raise ClamdError(f"ClamAV の答えを読み取れません: {answer[:200]}")
        return None
