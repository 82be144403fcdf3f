from django.urls import path

from tenshu.mechanisms.inquiry.ui import (
    answering,
    bulk,
    compile_pages,
    difference_pages,
    files,
    hearings,
    letter_files,
    many,
    pages,
    reading_pages,
    rows,
    steps,
    substitutes,
    workbook,
    writing,
)

app_name = "inquiry"
urlpatterns = [
    path("", pages.campaign_list, name="campaign-list"),
    path("new/", writing.campaign_add, name="campaign-add"),
    path("<int:campaign_id>/", pages.campaign_detail, name="campaign-detail"),
    path("<int:campaign_id>/correct/", writing.campaign_correct, name="campaign-correct"),
    path("<int:campaign_id>/open/", writing.campaign_open, name="campaign-open"),
    path("<int:campaign_id>/files/", letter_files.campaign_files, name="campaign-files"),
    path("<int:campaign_id>/close/", writing.campaign_close, name="campaign-close"),
    path("<int:campaign_id>/reopen/", writing.campaign_reopen, name="campaign-reopen"),
    path("<int:campaign_id>/remove/", writing.campaign_remove, name="campaign-remove"),
    path("<int:campaign_id>/due/", many.campaign_due, name="campaign-due"),
    path("<int:campaign_id>/remind/", many.campaign_remind, name="campaign-remind"),
    path("<int:campaign_id>/accept/", many.campaign_accept, name="campaign-accept"),
    *(
        path(f"<int:campaign_id>/sheets/{name}/", bulk.bulk_view(name), name=f"campaign-sheets-{name}")
        for name in bulk.PAGES
    ),
    path("<int:campaign_id>/answers/", compile_pages.campaign_answers, name="campaign-answers"),
    path(
        "<int:campaign_id>/answers/<int:table_question_id>/",
        compile_pages.campaign_rows,
        name="campaign-rows",
    ),
    path("<int:campaign_id>/counts/", compile_pages.campaign_counts, name="campaign-counts"),
    path(
        "<int:campaign_id>/differences/", difference_pages.campaign_differences, name="campaign-differences"
    ),
    path("<int:campaign_id>/hearings/", hearings.campaign_hearings, name="campaign-hearings"),
    path("<int:campaign_id>/hearings/rules/new/", hearings.hearing_rule_add, name="hearing-rule-add"),
    path(
        "hearings/rules/<int:hearing_rule_id>/remove/",
        hearings.hearing_rule_remove,
        name="hearing-rule-remove",
    ),
    path("hearings/<int:hearing_need_id>/plan/", hearings.need_plan, name="need-plan"),
    path("hearings/<int:hearing_need_id>/remove/", hearings.need_remove, name="need-remove"),
    path("sheets/<int:sheet_id>/hearing/", hearings.sheet_hearing, name="sheet-hearing"),
    path("substitutes/", substitutes.substitute_list, name="substitute-list"),
    path("substitutes/new/", substitutes.substitute_add, name="substitute-add"),
    path("substitutes/<int:substitute_id>/end/", substitutes.substitute_end, name="substitute-end"),
    path("sheets/<int:sheet_id>/", reading_pages.sheet_detail, name="sheet-detail"),
    path("sheets/<int:sheet_id>/answer/", answering.sheet_answer, name="sheet-answer"),
    path("sheets/<int:sheet_id>/answer/<int:asked_id>/", answering.sheet_question, name="sheet-question"),
    path("sheets/<int:sheet_id>/files/<int:file_question_id>/", files.sheet_files, name="sheet-files"),
    path("sheets/<int:sheet_id>/rows/<int:table_question_id>/", rows.sheet_rows, name="sheet-rows"),
    path("sheets/<int:sheet_id>/rows/<int:table_question_id>/new/", rows.row_add, name="row-add"),
    path("sheets/<int:sheet_id>/rows/<int:table_question_id>/paste/", rows.sheet_paste, name="sheet-paste"),
    path("rows/<int:answer_row_id>/", rows.row_correct, name="row-correct"),
    path("rows/<int:answer_row_id>/remove/", rows.row_remove, name="row-remove"),
    path("sheets/<int:sheet_id>/workbook/", workbook.sheet_workbook, name="sheet-workbook"),
    path("sheets/<int:sheet_id>/workbook/in/", workbook.sheet_workbook_in, name="sheet-workbook-in"),
    path(
        "sheets/<int:sheet_id>/workbook/in/<int:sheet_upload_id>/",
        workbook.sheet_workbook_check,
        name="sheet-workbook-check",
    ),
    path(
        "sheets/<int:sheet_id>/workbook/in/<int:sheet_upload_id>/marked/",
        workbook.sheet_workbook_marked,
        name="sheet-workbook-marked",
    ),
    *(
        path(f"sheets/<int:sheet_id>/{name}/", steps.step_view(name), name=f"sheet-{name}")
        for name in steps.PAGES
    ),
]
