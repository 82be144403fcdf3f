from django.urls import path

from tenshu.ground.api.ui import reference, tokens

app_name = "api"
urlpatterns = [
    path("", reference.reference, name="reference"),
    path("tokens/", tokens.token_list, name="token-list"),
    path("tokens/new/", tokens.token_add, name="token-add"),
    path("tokens/all/", tokens.token_all, name="token-all"),
    path("tokens/<int:token_id>/revoke/", tokens.token_revoke, name="token-revoke"),
]
