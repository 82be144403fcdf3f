"""URLs of sign-on. Of django-allauth nothing is mounted but what stands here and in ``saml_urls``."""

from django.urls import path

from tenshu.ground.sign_on.ui import account, confirmation, factors, providers, second_factor, sessions

app_name = "sign_on"
urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/log/", account.own_log, name="own-log"),
    path("account/totp/", factors.totp_add, name="totp-add"),
    path("account/totp/remove/", factors.totp_remove, name="totp-remove"),
    path("account/passkeys/add/", factors.passkey_add, name="passkey-add"),
    path("account/passkeys/<int:passkey_id>/remove/", factors.passkey_remove, name="passkey-remove"),
    path("account/codes/", factors.codes, name="codes"),
    path("account/sessions/others/end/", sessions.session_end_others, name="session-end-others"),
    path("account/sessions/<int:open_session_id>/end/", sessions.session_end, name="session-end"),
    path("confirm/", confirmation.confirm, name="confirm"),
    path("second-factor/", second_factor.second_factor, name="second-factor"),
    path("passkey/options/", second_factor.passkey_options, name="passkey-options"),
    path("passkey/", second_factor.passkey_sign_in, name="passkey-sign-in"),
    path("oidc/<slug:provider_id>/", providers.oidc_start, name="oidc-start"),
    path("oidc/<slug:provider_id>/callback/", providers.oidc_callback, name="oidc-callback"),
    path("sign-out/<slug:provider_id>/", providers.provider_sign_out, name="provider-sign-out"),
    path("saml/<slug:provider_id>/", providers.saml_start, name="saml-start"),
    path("users/<int:user_id>/sessions/end/", sessions.user_sessions_end, name="user-sessions-end"),
    path("users/<int:user_id>/factors/reset/", sessions.user_factors_reset, name="user-factors-reset"),
]
