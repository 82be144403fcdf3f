from django.urls import path

from tenshu.ground.access.ui import accounts
from tenshu.ground.sign_on.ui import log, signing_in
from tenshu.ground.sign_on.ui.confirmation import sure

app_name = "access"
urlpatterns = [
    path("login/", signing_in.signin, name="login"),
    path("logout/", signing_in.signout, name="logout"),
    path("password/", signing_in.change_password, name="password-change"),
    path("users/", accounts.user_list, name="user-list"),
    path("users/add/", accounts.user_add, name="user-add"),
    path("users/<int:user_id>/", accounts.user_detail, name="user-detail"),
    path("users/<int:user_id>/stop/", accounts.user_stop, name="user-stop"),
    path("users/<int:user_id>/password/", sure(accounts.password_issue), name="password-issue"),
    path("users/<int:user_id>/grants/add/", accounts.grant_add, name="grant-add"),
    path("grants/<int:grant_id>/end/", accounts.grant_end, name="grant-end"),
    path("sign-ins/", log.log_list, name="sign-in-list"),
    path("table/", accounts.table, name="table"),
]
