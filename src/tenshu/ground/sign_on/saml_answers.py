"""What a SAML provider's answer says; apart from ``saml``, as the library behind it is dear to load."""

from typing import Any

from allauth.socialaccount.providers.saml.provider import SAMLProvider

from tenshu.ground.sign_on.saml import SESSION


class HouseProvider(SAMLProvider):  # type: ignore[misc]
    """A SAML provider that tells, beside its attributes, which of its sessions this is."""

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """The attributes, and what a sign-out has to name."""
        return {
            **super().extract_extra_data(data),
            SESSION: {
                "name_id": data.get_nameid(),
                "format": data.get_nameid_format(),
                "qualifier": data.get_nameid_nq(),
                "index": data.get_session_index(),
            },
        }
