"""A change of the house's key does not cost the keys of the receivers."""

from typing import Any

import pytest

from tenshu.ground.webhooks.signing import UnreadableSecretError, seal, unseal


def test_what_the_former_key_has_sealed_opens_as_long_as_it_is_named(settings: Any) -> None:
    sealed = seal("tenshu_x")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 60
    with pytest.raises(UnreadableSecretError):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert unseal(sealed) == "tenshu_x"
    again = seal("tenshu_x")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(again) == "tenshu_x"
