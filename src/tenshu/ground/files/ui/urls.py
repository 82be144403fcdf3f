from django.urls import path

from tenshu.ground.files.ui import views

app_name = "files"
urlpatterns = [path("<int:attachment_id>/", views.attachment_download, name="attachment-download")]
