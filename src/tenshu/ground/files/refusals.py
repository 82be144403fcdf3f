"""What the house says when it will not take a file."""


class FileRefused(ValueError):  # noqa: N818 - reads as what happened
    """A file is not taken; the message tells the person in Japanese why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
