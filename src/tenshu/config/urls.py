"""Every room under its own noun. A URL that is missing from the permission table answers 404 (access.middleware)."""

from django.urls import include, path

urlpatterns = [
    path("", include("tenshu.home.ui.urls")),
    path("access/", include("tenshu.ground.access.ui.urls")),
    path("office/", include("tenshu.ground.office.ui.urls")),
    path("calendar/", include("tenshu.ground.calendar.ui.urls")),
    path("systems/", include("tenshu.ground.systems.ui.urls")),
    path("audit/", include("tenshu.ground.audit.ui.urls")),
    path("files/", include("tenshu.ground.files.ui.urls")),
    path("imports/", include("tenshu.ground.exchange.ui.urls")),
    path("jobs/", include("tenshu.ground.jobs.ui.urls")),
    path("notices/", include("tenshu.ground.notices.ui.urls")),
    path("webhooks/", include("tenshu.ground.webhooks.ui.urls")),
    path("sign-on/", include("tenshu.ground.sign_on.ui.urls")),
    path("sign-on/saml/", include("tenshu.ground.sign_on.ui.saml_urls")),
    path("api/", include("tenshu.ground.api.ui.urls")),
    path("search/", include("tenshu.ground.search.ui.urls")),
    path("operations/", include("tenshu.ground.operations.ui.urls")),
    path("figures/", include("tenshu.mechanisms.figures.ui.urls")),
    path("gatherings/", include("tenshu.mechanisms.gathering.ui.urls")),
    path("questionnaires/", include("tenshu.mechanisms.questionnaire.ui.urls")),
    path("inquiries/", include("tenshu.mechanisms.inquiry.ui.urls")),
    path("taskforce/", include("tenshu.dx.taskforce.ui.urls")),
    path("karte/", include("tenshu.dx.karte.ui.urls")),
    path("ict-needs/", include("tenshu.dx.ict_needs.ui.urls")),
    path("liaison/", include("tenshu.dx.liaison.ui.urls")),
    path("annual/", include("tenshu.annual.ui.urls")),
]

handler403 = "tenshu.ground.ui.views.forbidden"
handler404 = "tenshu.ground.ui.views.not_found"
handler500 = "tenshu.ground.ui.views.server_error"
