from django.urls import path

from tenshu.annual.ui import pages, writing

app_name = "annual"
urlpatterns = [
    path("", pages.report, name="report"),
    path("file/<str:form>/", pages.report_file, name="report-file"),
    path("gaps/", pages.gap_list, name="gap-list"),
    path("years/", pages.year_compare, name="year-compare"),
    path("editions/", pages.edition_list, name="edition-list"),
    path("editions/<int:edition_id>/", pages.edition_detail, name="edition-detail"),
    path("passages/<str:section_slug>/", writing.passage_edit, name="passage-edit"),
    path("close/", writing.year_close, name="year-close"),
    path("differences/", writing.difference_list, name="difference-list"),
    path("reissue/", writing.reissue, name="reissue"),
]
