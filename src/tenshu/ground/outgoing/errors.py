"""Why the door did not bring an answer. The messages are Japanese and may be shown."""


class OutgoingError(Exception):
    """It was tried and failed: no such name, no connection, too slow, too large, no trusted certificate."""


class RefusedError(OutgoingError):
    """The door does not go there: nothing was sent."""
