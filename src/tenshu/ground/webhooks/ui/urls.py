"""URLs of this room."""

from django.urls import path

from tenshu.ground.webhooks.ui import views

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoint_list, name="endpoint-list"),
    path("add/", views.endpoint_add, name="endpoint-add"),
    path("<int:endpoint_id>/", views.endpoint_detail, name="endpoint-detail"),
    path("<int:endpoint_id>/change/", views.endpoint_change, name="endpoint-change"),
    path("<int:endpoint_id>/rotate/", views.endpoint_rotate, name="endpoint-rotate"),
    path("<int:endpoint_id>/state/", views.endpoint_state, name="endpoint-state"),
    path("<int:endpoint_id>/test/", views.endpoint_test, name="endpoint-test"),
    path("<int:endpoint_id>/remove/", views.endpoint_remove, name="endpoint-remove"),
    path("deliveries/<int:delivery_id>/", views.delivery_detail, name="delivery-detail"),
    path("deliveries/<int:delivery_id>/retry/", views.delivery_retry, name="delivery-retry"),
]
