from django.urls import path

from tenshu.ground.exchange.ui import run_views, table_views

app_name = "exchange"
urlpatterns = [
    path("", table_views.run_list, name="run-list"),
    path("runs/<int:run_id>/", run_views.run_detail, name="run-detail"),
    path("runs/<int:run_id>/choose/", run_views.run_choose, name="run-choose"),
    path("runs/<int:run_id>/commit/", run_views.run_commit, name="run-commit"),
    path("runs/<int:run_id>/refresh/", run_views.run_refresh, name="run-refresh"),
    path("runs/<int:run_id>/cancel/", run_views.run_cancel, name="run-cancel"),
    path("runs/<int:run_id>/marked/", run_views.run_marked, name="run-marked"),
    path("runs/<int:run_id>/file/", run_views.run_file, name="run-file"),
    path("runs/<int:run_id>/<slug:part>/", run_views.run_detail, name="run-detail"),
    path("<slug:table_name>/", table_views.table_import, name="table-import"),
    path("<slug:table_name>/export/", table_views.table_export, name="table-export"),
]
