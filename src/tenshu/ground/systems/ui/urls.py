from django.urls import path

from tenshu.ground.systems.ui import changes, views

app_name = "systems"
urlpatterns = [
    path("", views.system_list, name="system-list"),
    path("new/", changes.system_add, name="system-add"),
    path("<int:system_id>/", views.system_detail, name="system-detail"),
    path("<int:system_id>/correct/", changes.system_correct, name="system-correct"),
    path("<int:system_id>/owner/", changes.system_owner, name="system-owner"),
    path("<int:system_id>/end/", changes.system_end, name="system-end"),
]
