from django.urls import path

from tenshu.ground.audit.ui import views

app_name = "audit"
urlpatterns = [
    path("", views.row_list, name="row-list"),
    path("<int:row_id>/", views.row_detail, name="row-detail"),
]
