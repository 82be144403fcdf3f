"""The settings of sign-on from the environment and the file of the identity providers."""

import os

from tenshu.config.environment import EnvironmentValueError, env_list
from tenshu.ground.sign_on.provider_file import ProviderFile, ProviderFileError, read_provider_file

_ROLES = {"secretariat", "security", "executive", "head", "officer", "staff", "auditor"}


def provider_file() -> ProviderFile:
    """What ``TENSHU_SIGN_ON_FILE`` names; no providers without it."""
    try:
        return read_provider_file(os.environ.get("TENSHU_SIGN_ON_FILE"))
    except ProviderFileError as error:
        raise EnvironmentValueError(str(error)) from error


def required_roles() -> list[str]:
    """The roles that must have a second factor (``TENSHU_MFA_REQUIRED_ROLES``)."""
    roles = env_list("TENSHU_MFA_REQUIRED_ROLES", default=[])
    if unknown := set(roles) - _ROLES:
        raise EnvironmentValueError(
            f"環境変数 TENSHU_MFA_REQUIRED_ROLES に、知らない役割 {'、'.join(sorted(unknown))} があります。"
            f"{'、'.join(sorted(_ROLES))} から選んでください。"
        )
    return roles
