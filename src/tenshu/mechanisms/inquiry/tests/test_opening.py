"""Opening a large campaign by a job: in batches, with its progress on the page, once whatever happens; and its letter's files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.files.models import Attachment
from tenshu.ground.jobs.models import Ending, JobState
from tenshu.ground.jobs.tasks import JobCancelled, JobError, JobRun
from tenshu.ground.notices.models import Notice
from tenshu.mechanisms.inquiry import opening_job
from tenshu.mechanisms.inquiry.actions import campaigns, steps
from tenshu.mechanisms.inquiry.actions.opening import do_start_opening
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetStep
from tenshu.mechanisms.inquiry.notice_kinds import ASKED
from tenshu.mechanisms.inquiry.tests.building import campaign_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(world, monkeypatch, settings):
    """A campaign that waits in the queue to be opened by a job, in batches of two."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr("tenshu.mechanisms.inquiry.actions.opening.AT_ONCE", 2)
    monkeypatch.setattr(opening_job, "BATCH", 2)
    campaign = campaign_of(world.objects["version"], world.house.units["0102"], world.house.machine)
    assert do_start_opening(campaign, acting_user=world.house.machine) is None
    campaign.refresh_from_db()
    return campaign


@pytest.fixture
def secretary(world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    return client


class Watched(JobRun):
    """Remembers what was told, and stops where it is told to."""

    def __init__(self, *, cancel_after=0):
        super().__init__()
        self.told, self.cancel_after = [], cancel_after

    def progress(self, done, total=0, note=""):
        self.told.append((done, total))

    def raise_if_cancelled(self):
        if self.cancel_after and len(self.told) >= self.cancel_after:
            raise JobCancelled


def run(campaign, world, job):
    opening_job.open_campaign.func(job, campaign=campaign.pk, user=world.house.machine.pk)
    campaign.refresh_from_db()


def test_the_job_tells_its_progress_and_opens_at_the_end(world, queued):
    job = Watched()
    run(queued, world, job)

    assert job.told == [(2, 6), (4, 6), (6, 6)]
    assert queued.state == CampaignState.OPEN
    assert queued.sheets.count() == SheetStep.objects.filter(sheet__campaign=queued).count() == 6


def test_a_job_that_was_killed_half_way_goes_on_and_makes_nothing_twice(world, queued):
    chosen = campaigns.chosen_for_opening(queued)
    campaigns.do_make_sheets(queued, chosen[:4], acting_user=world.house.machine)
    made = set(queued.sheets.values_list("pk", flat=True))
    told = Notice.objects.filter(kind=ASKED).count()

    run(queued, world, Watched())

    assert queued.state == CampaignState.OPEN
    assert queued.sheets.count() == 6
    assert made < set(queued.sheets.values_list("pk", flat=True))
    assert Notice.objects.filter(kind=ASKED).count() > told
    run(queued, world, Watched())
    assert queued.sheets.count() == 6


def test_a_cancelled_or_refused_job_takes_back_what_it_made(world, queued):
    with pytest.raises(JobCancelled):
        run(queued, world, Watched(cancel_after=2))
    queued.refresh_from_db()
    assert queued.state == CampaignState.DRAFT
    assert not queued.sheets.exists()
    assert AuditRow.objects.filter(verb="inquiry.opening_given_up").count() == 8

    Campaign.objects.filter(pk=queued.pk).update(state=CampaignState.OPENING)
    campaigns.do_make_sheets(
        queued, campaigns.chosen_for_opening(queued)[:2], acting_user=world.house.machine
    )
    Campaign.objects.filter(pk=queued.pk).update(due_on="2020-01-01")
    with pytest.raises(JobError, match="回答期限が過ぎています"):
        run(queued, world, Watched())
    queued.refresh_from_db()
    assert (queued.state, queued.sheets.count()) == (CampaignState.DRAFT, 0)


def test_the_page_of_the_campaign_shows_the_percentage_and_looks_anew_when_it_is_over(queued, secretary):
    page = reverse("inquiry:campaign-detail", args=[queued.pk])
    waiting = secretary.get(page).content.decode()
    assert "順番を待っています" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    job = DBTaskResult.objects.get(args_kwargs__kwargs__campaign=queued.pk)
    DBTaskResult.objects.filter(pk=job.pk).update(status="RUNNING")
    JobState.objects.create(task=job, done=400, total=1000, note="照会票を作る")

    part = secretary.get(f"{page}?part=opening", headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<div id="opening"')
    assert "1,000件のうち400件を作りました（40%）" in part
    assert "40%" in secretary.get(page).content.decode()
    Campaign.objects.filter(pk=queued.pk).update(state=CampaignState.OPEN)
    over = secretary.get(f"{page}?part=opening", headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"


def test_an_opening_that_stopped_says_so_and_is_not_asked_for_again(queued, secretary):
    job = DBTaskResult.objects.get(args_kwargs__kwargs__campaign=queued.pk)
    DBTaskResult.objects.filter(pk=job.pk).update(status="FAILED")
    JobState.objects.create(task=job, ending=Ending.FAILED)
    shown = secretary.get(reverse("inquiry:campaign-detail", args=[queued.pk])).content.decode()
    assert "開始が途中で止まりました" in shown
    assert "hx-trigger" not in shown.split('id="opening"')[1].split("</div>")[0]
    assert reverse("jobs:job-detail", args=[job.pk]) in shown


def test_files_of_the_letter_reach_those_who_are_asked_and_nobody_else(world, secretary):
    campaign = campaign_of(
        world.objects["version"], world.house.units["0102"], world.house.machine, picked=[world.objects["own"].pk],
        letter="よろしくお願いします。",
    )  # fmt: skip
    files = reverse("inquiry:campaign-files", args=[campaign.pk])
    secretary.post(files, {"file": SimpleUploadedFile("記入例.txt", "例\n".encode())})
    attachment = Attachment.objects.get(name="記入例.txt")
    download = reverse("files:attachment-download", args=[attachment.pk])
    officer = Client()
    officer.force_login(world.users[Role.OFFICER])
    assert officer.get(download).status_code == 404

    campaigns.do_open_campaign(campaign, acting_user=world.house.machine)

    sheet = campaign.sheets.get()
    assert officer.get(download).status_code == 200
    for name in ("sheet-detail", "sheet-answer"):
        assert "記入例.txt" in officer.get(reverse(f"inquiry:{name}", args=[sheet.pk])).content.decode()
    told = Notice.objects.filter(kind=ASKED, about_key=str(campaign.pk)).first()
    assert "依頼文の添付：記入例.txt。" in told.body
    foreign = Sheet.objects.get(campaign=world.kwargs["campaign_id"], subject_number="020101")
    steps.do_withdraw(foreign, "確かめ", acting_user=world.house.machine)
    secretary.post(files, {"remove": [str(attachment.pk)]})
    assert officer.get(download).status_code == 404


def test_files_of_a_closed_campaign_stay_as_they_are(world, secretary):
    campaign = Campaign.objects.get(pk=world.kwargs["campaign_id"])
    campaigns.do_close_campaign(campaign, acting_user=world.house.machine)
    url = reverse("inquiry:campaign-files", args=[campaign.pk])
    refused = secretary.post(url, {"file": SimpleUploadedFile("後.txt", b"x\n")})
    assert refused.status_code == 422
    assert "締め切った照会の添付は変えられません。" in refused.content.decode()
