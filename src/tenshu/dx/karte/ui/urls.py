from django.urls import path

from tenshu.dx.karte.ui import defaults, editions, lists, pages, payments, survey, writing

app_name = "karte"
urlpatterns = [
    path("", pages.karte_list, name="karte-list"),
    path("money/", lists.money_list, name="money-list"),
    path("contracts/", lists.contract_list, name="contract-list"),
    path("support/", lists.support_list, name="support-list"),
    path("payments/", payments.payment_list, name="payment-list"),
    path("payments/import/", payments.payment_import, name="payment-import"),
    path("payments/match/", payments.payment_match, name="payment-match"),
    path("payments/<int:payment_id>/system/", payments.payment_assign, name="payment-assign"),
    path("payments/<int:payment_id>/remove-import/", payments.payment_remove, name="payment-remove"),
    path("differences/", editions.difference_list, name="difference-list"),
    path("dashboard/", lists.dashboard_list, name="dashboard-list"),
    path("survey/", survey.survey, name="survey-list"),
    path("editions/<int:karte_edition_id>/", editions.edition_detail, name="edition-detail"),
    path("systems/<int:system_id>/editions/", editions.edition_list, name="edition-list"),
    path("systems/<int:system_id>/compare/", editions.edition_compare, name="edition-compare"),
    path("registers/shipped/", defaults.shipped_add, name="shipped-add"),
    path("registers/<slug:register>/", lists.register_list, name="register-list"),
    path("registers/<slug:register>/new/", writing.register_add, name="register-add"),
    path(
        "registers/<slug:register>/<int:entry_id>/correct/", writing.register_correct, name="register-correct"
    ),
    path("registers/<slug:register>/<int:entry_id>/remove/", writing.register_remove, name="register-remove"),
    path("systems/<int:system_id>/", pages.karte_detail, name="karte-detail"),
    path("systems/<int:system_id>/money/", pages.money_detail, name="money-detail"),
    path("systems/<int:system_id>/completeness/", pages.completeness_detail, name="completeness-detail"),
    path(
        "systems/<int:system_id>/completeness/<slug:item>/",
        writing.not_applicable_set,
        name="not-applicable-set",
    ),
    path("systems/<int:system_id>/facts/<slug:section_name>/", writing.karte_correct, name="karte-correct"),
    path("systems/<int:system_id>/<slug:thing>/new/", writing.thing_add, name="thing-add"),
    path("things/<slug:thing>/<int:thing_id>/correct/", writing.thing_correct, name="thing-correct"),
    path("things/<slug:thing>/<int:thing_id>/remove/", writing.thing_remove, name="thing-remove"),
]
