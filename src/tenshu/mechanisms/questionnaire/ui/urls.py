from django.urls import path

from tenshu.mechanisms.questionnaire.ui import pages, writing

app_name = "questionnaire"
urlpatterns = [
    path("", pages.questionnaire_list, name="questionnaire-list"),
    path("new/", writing.questionnaire_add, name="questionnaire-add"),
    path("<int:questionnaire_id>/", pages.questionnaire_detail, name="questionnaire-detail"),
    path("<int:questionnaire_id>/correct/", writing.questionnaire_correct, name="questionnaire-correct"),
    path("<int:questionnaire_id>/versions/new/", writing.version_add, name="version-add"),
    path("versions/<int:version_id>/", pages.version_detail, name="version-detail"),
    path("versions/<int:version_id>/preview/", pages.version_preview, name="version-preview"),
    path("versions/<int:version_id>/correct/", writing.version_correct, name="version-correct"),
    path("versions/<int:version_id>/publish/", writing.version_publish, name="version-publish"),
    path("versions/<int:version_id>/discard/", writing.version_discard, name="version-discard"),
    path("versions/<int:version_id>/move/", writing.question_move, name="question-move"),
    path("versions/<int:version_id>/questions/new/", writing.question_add, name="question-add"),
    path("questions/<int:question_id>/correct/", writing.question_correct, name="question-correct"),
    path("questions/<int:question_id>/remove/", writing.question_remove, name="question-remove"),
    path("questions/<int:question_id>/ancestors/", writing.question_ancestors, name="question-ancestors"),
]
