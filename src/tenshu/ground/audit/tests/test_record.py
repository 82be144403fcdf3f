"""The record: written with the change, append-only, sealed, and every tampering found."""

import datetime
import threading
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenshu.ground.access.actions import system_user
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.actions import Change, record, record_many
from tenshu.ground.audit.guards import TABLES, install_statements, remove_statements
from tenshu.ground.audit.hashing import row_hash
from tenshu.ground.audit.models import AuditRow, PendingRow, Seal
from tenshu.ground.audit.origin import acting_from
from tenshu.ground.audit.sealing import anchor_path, seal_pending
from tenshu.ground.audit.ui.views import RowTable
from tenshu.ground.audit.verification import verify_chain
from tenshu.ground.office.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Staff:
    return Staff.objects.create(number="1", name="見本 花子")


def write(person: Staff, count: int = 1) -> list[AuditRow]:
    changes = [
        Change("office.staff.changed", person, {"name": "前"}, {"name": f"後{i}"}) for i in range(count)
    ]
    return record_many(changes, acting_user=system_user())


def tamper(sql: str, *values: object) -> None:
    """Change the tables behind the triggers' back, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        for statement in remove_statements(connection.vendor):
            cursor.execute(statement)
        cursor.execute(sql, values)


def kinds() -> list[str]:
    return [breach.kind for breach in verify_chain()]


def test_a_row_says_who_when_from_where_what_before_and_after(person):
    with acting_from("web", "192.0.2.7") as origin:
        row = record(
            "office.staff.changed",
            person,
            before={"name": "見本 花子", "number": "1"},
            after={"name": "見本 華子", "number": "1"},
            reason="改名",
            acting_user=system_user(),
        )
    row.refresh_from_db()
    assert (row.actor_name, row.channel, row.address) == ("天守（自動処理）", "web", "192.0.2.7")
    assert (row.before, row.after, row.reason) == ({"name": "見本 花子"}, {"name": "見本 華子"}, "改名")
    assert (row.target_type, row.target_key, row.target_label) == (
        "office.staff",
        str(person.pk),
        "見本 花子",
    )
    assert row.request_id == origin.request_id
    assert row.row_hash == row_hash(row)


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_refused():
    person = Staff.objects.create(number="1", name="見本 花子")
    with pytest.raises(TransactionManagementError):
        write(person)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_takes_its_row_along():
    person = Staff.objects.create(number="1", name="見本 花子")

    def take_back() -> None:
        with transaction.atomic():
            write(person)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        take_back()
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET row_hash = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_remove_a_row(person, table, verb):
    with connection.cursor() as cursor:
        for statement in remove_statements(connection.vendor) + install_statements(connection.vendor):
            cursor.execute(statement)
    write(person)
    seal_pending()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


def test_sealing_links_every_row_once_and_a_second_turn_adds_nothing(person):
    write(person, 5)
    assert seal_pending() == 5
    assert seal_pending() == 0
    write(person, 2)
    assert seal_pending() == 2
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 8))
    assert kinds() == []


def test_an_altered_row_is_found(person):
    rows = write(person, 3)
    seal_pending()
    tamper("UPDATE audit_auditrow SET actor_name = %s WHERE id = %s", "別人", rows[1].pk)
    assert kinds() == ["row_altered"]


def test_an_altered_row_with_a_hash_made_anew_is_found(person):
    rows = write(person, 3)
    seal_pending()
    rows[1].actor_name = "別人"
    tamper(
        "UPDATE audit_auditrow SET actor_name = %s, row_hash = %s WHERE id = %s",
        "別人",
        row_hash(rows[1]),
        rows[1].pk,
    )
    assert kinds() == ["row_altered"]


def test_an_altered_row_that_is_not_sealed_yet_is_found(person):
    rows = write(person, 2)
    tamper("UPDATE audit_auditrow SET reason = 'x' WHERE id = %s", rows[0].pk)
    assert kinds() == ["row_altered"]


def test_a_row_that_is_kept_from_being_sealed_is_found(person):
    rows = write(person, 2)
    tamper("DELETE FROM audit_pendingrow WHERE row_id = %s", rows[0].pk)
    assert seal_pending() == 1
    assert kinds() == ["row_unsealed"]


def test_a_row_that_is_removed_before_its_seal_is_found(person):
    rows = write(person, 2)
    tamper("DELETE FROM audit_auditrow WHERE id = %s", rows[0].pk)
    assert seal_pending() == 1
    assert kinds() == ["row_removed"]


def test_the_sealer_asks_as_much_of_a_long_record_as_of_a_short_one(person, django_assert_num_queries):
    write(person, 3)
    with CaptureQueriesContext(connection) as short:
        seal_pending()
    write(person, 900)
    seal_pending()
    write(person, 3)
    with django_assert_num_queries(len(short)):
        seal_pending()
    assert not PendingRow.objects.exists()


def test_a_row_that_comes_after_one_with_a_higher_key_was_sealed_is_sealed_too(person):
    first, later = write(person, 2)
    late = AuditRow.objects.get(pk=first.pk)
    tamper("DELETE FROM audit_pendingrow WHERE row_id = %s", first.pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditrow WHERE id = %s", [first.pk])
    assert seal_pending() == 1
    late.save(force_insert=True)  # its key was given out first, its transaction ends last
    assert seal_pending() == 1
    assert list(Seal.objects.order_by("position").values_list("row_uid", flat=True)) == [later.uid, late.uid]
    assert kinds() == []


def test_a_removed_row_is_found(person):
    rows = write(person, 3)
    seal_pending()
    tamper("DELETE FROM audit_auditrow WHERE id = %s", rows[1].pk)
    assert kinds() == ["row_removed"]


def test_a_removed_row_whose_link_is_removed_too_is_found(person):
    rows = write(person, 3)
    seal_pending()
    tamper("DELETE FROM audit_auditrow WHERE id = %s", rows[1].pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_seal WHERE position = 2")
    assert set(kinds()) == {"link_missing", "link_altered"}


def test_reordered_rows_are_found(person):
    rows = write(person, 3)
    seal_pending()
    first, second = rows[0], rows[1]
    spare = "00000000-0000-0000-0000-000000000000" if connection.vendor == "postgresql" else "0" * 32
    plain = str if connection.vendor == "postgresql" else (lambda uid: uid.hex)
    tamper("UPDATE audit_seal SET row_uid = %s WHERE position = 1", spare)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_seal SET row_uid = %s, row_hash = %s WHERE position = 2",
            [plain(first.uid), first.row_hash],
        )
        cursor.execute(
            "UPDATE audit_seal SET row_uid = %s, row_hash = %s WHERE position = 1",
            [plain(second.uid), second.row_hash],
        )
    assert kinds().count("link_altered") == 2


@pytest.mark.django_db(transaction=True)
def test_a_tail_that_was_cut_off_is_found_by_the_anchors_outside_the_database():
    person = Staff.objects.create(number="1", name="見本 花子")
    with transaction.atomic():
        write(person, 3)
    seal_pending()
    with transaction.atomic():
        write(person, 2)
    seal_pending()
    tamper("DELETE FROM audit_auditrow WHERE uid IN (SELECT row_uid FROM audit_seal WHERE position > 3)")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_seal WHERE position > 3")
    assert kinds() == ["tail_cut"]
    assert len(Path(anchor_path()).read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_and_sealers_leave_one_whole_chain():
    person = Staff.objects.create(number="1", name="見本 花子")
    system_user()
    errors: list[BaseException] = []

    def work(job) -> None:
        try:
            for _ in range(10):
                job()
        except BaseException as error:  # noqa: BLE001 - told to the main thread
            errors.append(error)
        finally:
            connection.close()

    def write_one() -> None:
        with transaction.atomic():
            write(person)

    threads = [
        threading.Thread(target=work, args=(job,))
        for job in (write_one, write_one, write_one, seal_pending, seal_pending)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_pending()
    assert errors == []
    assert Seal.objects.count() == AuditRow.objects.count() == 30
    assert kinds() == []


@pytest.fixture
def reader(world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    return client


def listed(client: Client, **query: str) -> list[int]:
    response = client.get("/audit/", query)
    assert response.status_code == 200
    return [row.pk for row in response.context["table"].page.object_list]


def test_the_list_is_narrowed_by_days_in_the_offices_own_time(reader, person):
    midnight = datetime.datetime(2023, 8, 23, 15, 0, tzinfo=datetime.UTC)  # 24 August, 0:00 in Japan
    rows = [AuditRow.objects.get(pk=row.pk) for row in write(person, 3)]
    AuditRow.objects.bulk_create(
        [
            AuditRow(
                at=midnight + datetime.timedelta(seconds=shift),
                actor_name="見本",
                channel="web",
                request_id=rows[0].request_id,
                verb="office.staff.changed",
                target_type="office.staff",
                target_key="1",
                target_label=label,
                row_hash="0" * 64,
            )
            for shift, label in ((-1, "前の日"), (0, "はじめ"), (86_399, "おわり"), (86_400, "次の日"))
        ]
    )
    keys = listed(reader, since="R5.8.24", until="2023/8/24")
    labels = AuditRow.objects.filter(pk__in=keys).values_list("target_label", flat=True)
    assert sorted(labels) == ["おわり", "はじめ"]
    assert listed(reader, since="9999/12/31") == []
    assert reader.get("/audit/", {"until": "9999/12/31", "since": "1/1/1"}).status_code == 200


def test_the_list_finds_people_objects_operations_and_the_rows_of_one_request(reader, person):
    with acting_from("web") as origin:
        rows = write(person, 2)
    own = {row.pk for row in rows}
    assert own <= set(listed(reader, q="見本　花子 天守"))
    assert set(listed(reader, q=str(origin.request_id))) == own
    assert own <= set(listed(reader, q="staff.changed"))
    assert own <= set(listed(reader, q=str(person.pk)))
    assert listed(reader, q="決して出ない語") == []


def test_a_long_list_is_counted_only_so_far_and_says_so(reader, person, monkeypatch):
    monkeypatch.setattr(RowTable, "counted_up_to", 50)
    newest = [row.pk for row in write(person, 60)][::-1]
    response = reader.get("/audit/")
    assert "はじめの50件の変更中 1～40" in response.content.decode()
    assert "続きは、絞り込むと見られます" in response.content.decode()
    assert listed(reader) == newest[:40]
    assert listed(reader, page="2") == listed(reader, page="99") == newest[40:50]
