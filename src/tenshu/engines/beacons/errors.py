"""Errors of this engine; their text is shown to the operator and is Japanese."""


class BeaconsError(Exception):
    """Base of the errors an operator can mend."""


class LogError(BeaconsError):
    """A log file cannot be read as the format it was said to have."""


class MappingError(BeaconsError):
    """A mapping file is missing a column or names one that the log does not have."""


class StoreError(BeaconsError):
    """The store lacks what was asked for."""


class RegisterError(BeaconsError):
    """An entry of the register of expected destinations or of the indicators is not valid."""
