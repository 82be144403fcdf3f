"""What the ground floor keeps by itself: plans, sessions, imports, editions, mails, hooks, jobs."""

import datetime

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tenshu.annual.actions import do_close_year
from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.calendar.actions import do_open_year
from tenshu.ground.exchange.actions import do_preview
from tenshu.ground.jobs.tests.sample_state import sample_jobs
from tenshu.ground.notices.models import Bounce, FailingAddress, Mail, MailState
from tenshu.ground.notices.sending import notify
from tenshu.ground.office.actions.reorganisation import do_add_step, do_plan_reorganisation
from tenshu.ground.office.models import ReorganisationStep, StepKind
from tenshu.ground.sign_on.actions.sessions import begin_session
from tenshu.ground.systems.sheets import SYSTEM_TABLE
from tenshu.ground.webhooks.actions import do_add_endpoint, do_test
from tenshu.ground.webhooks.models import Endpoint
from tests.world.frame import YEAR, World


def add_records(world: World) -> None:
    """One of each."""
    _plan(world)
    _sign_on(world)
    _import_run(world)
    _edition(world)
    _mail(world)
    world.kwargs["job_id"] = sample_jobs().pk


def _plan(world: World) -> None:
    user = world.users[Role.SECRETARIAT]
    plan = do_plan_reorganisation("令和81年4月の組織改正", datetime.date(2099, 4, 1), acting_user=user)
    step = ReorganisationStep(
        plan=plan, kind=StepKind.RENAME, unit=world.house.units["020101"], name="環境衛生推進課"
    )
    do_add_step(step, acting_user=user)
    world.kwargs |= {"plan_id": plan.pk, "step_id": step.pk}


def _sign_on(world: World) -> None:
    """A session and a passkey of one person, which are nobody else's business; and no identity provider."""
    spare = User.objects.get(pk=world.kwargs["user_id"])
    session = begin_session(
        spare, "mihon", address="192.0.2.1", user_agent="Mozilla/5.0 (Windows) Firefox/140"
    )
    passkey = Authenticator.objects.create(
        user=spare, type=Authenticator.Type.WEBAUTHN, data={"name": "予備の鍵", "credential": {}}
    )
    world.kwargs |= {
        "open_session_id": session.pk,
        "passkey_id": passkey.pk,
        "provider_id": "kencho",
        "organization_slug": "kencho",
    }


def _import_run(world: World) -> None:
    text = "番号,名称,所管コード\r\n0099,見本システム,0101\r\n"
    upload = SimpleUploadedFile("システム.csv", text.encode("utf-8-sig"))
    run = do_preview(SYSTEM_TABLE, upload, acting_user=world.users[Role.SECRETARIAT])
    world.kwargs["run_id"] = run.pk


def _edition(world: World) -> None:
    """The year before is closed, so that an issued edition exists."""
    do_open_year(YEAR.previous, acting_user=world.house.machine)
    world.kwargs["edition_id"] = do_close_year(YEAR.previous, acting_user=world.users[Role.SECRETARIAT]).pk


def _mail(world: World) -> None:
    """A notice that became a mail and did not arrive."""
    head = world.users[Role.HEAD]
    notify([head], kind="notices.trouble", title="見本の知らせ", body="見本です。", url="/notices/")
    mail = Mail.objects.create(
        message_id="<mihon@example.jp>",
        person=head,
        address="1002@example.jp",
        kind="notices.trouble",
        subject="【天守】見本の知らせ",
        body="見本です。\n",
        state=MailState.BOUNCED,
        due_at=timezone.now(),
        answer="550 5.1.1 User unknown",
    )
    Bounce.objects.create(
        report_id="<report@example.jp>",
        mail=mail,
        address=mail.address,
        status="5.1.1",
        diagnosis="550 5.1.1 User unknown",
    )
    failing = FailingAddress.objects.create(address=mail.address, reason=mail.answer)
    world.kwargs |= {"mail_id": mail.pk, "failing_id": failing.pk}
    endpoint, _ = do_add_endpoint(
        Endpoint(name="庁内ポータル", url="https://example.jp/hook", events=["calendar.year.closed"]),
        acting_user=world.users[Role.SECRETARIAT],
    )
    delivery = do_test(endpoint, acting_user=world.users[Role.SECRETARIAT])
    world.kwargs |= {"endpoint_id": endpoint.pk, "delivery_id": delivery.pk}
