"""The URLs of SAML under the names that django-allauth builds a house's metadata from."""

from django.urls import path

from tenshu.ground.sign_on.ui import providers

urlpatterns = [
    path("<slug:organization_slug>/acs/", providers.saml_acs, name="saml_acs"),
    path("<slug:organization_slug>/acs/finish/", providers.saml_finish, name="saml_finish_acs"),
    path("<slug:organization_slug>/metadata/", providers.saml_metadata, name="saml_metadata"),
    path("<slug:organization_slug>/sls/", providers.saml_sign_out, name="saml_sls"),
]
