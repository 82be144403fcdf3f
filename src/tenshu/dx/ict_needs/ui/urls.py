from django.urls import path

from tenshu.dx.ict_needs.ui import pages, writing

app_name = "ict_needs"
urlpatterns = [
    path("", pages.need_list, name="need-list"),
    path("board/", pages.need_board, name="need-board"),
    path("new/", writing.need_add, name="need-add"),
    path("<int:need_id>/", pages.need_detail, name="need-detail"),
    path("<int:need_id>/correct/", writing.need_correct, name="need-correct"),
    path("<int:need_id>/decide/", writing.need_decide, name="need-decide"),
    path("<int:need_id>/remove/", writing.need_remove, name="need-remove"),
]
