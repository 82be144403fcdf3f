"""Fills the home of the environment with objects to be found, builds the index and asks. ``search_work.py OBJECTS ROUNDS``"""

import datetime
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from homes import server_pid, tree_cpu  # noqa: E402
from search_texts import RARE, Texts  # noqa: E402

from tenshu.config.commands.serve import collect_static  # noqa: E402
from tenshu.dx.taskforce.models import Issue, TaskForce, WorkingGroup  # noqa: E402
from tenshu.ground.access.actions import do_create_account, do_grant_role, system_user  # noqa: E402
from tenshu.ground.access.models import User  # noqa: E402
from tenshu.ground.access.roles import Role  # noqa: E402
from tenshu.ground.calendar.actions import do_open_year  # noqa: E402
from tenshu.ground.calendar.fiscal_year import FiscalYear  # noqa: E402
from tenshu.ground.files.models import Attachment, StoredFile  # noqa: E402
from tenshu.ground.office.models import OfficeProfile, Post, PostRank, Staff, Unit  # noqa: E402
from tenshu.ground.search.finding import find  # noqa: E402
from tenshu.ground.search.models import Extract, IndexRow  # noqa: E402
from tenshu.ground.search.rebuilding import rebuild  # noqa: E402
from tenshu.ground.search.wording import Wording, read_wording  # noqa: E402
from tenshu.ground.systems.models import System  # noqa: E402
from tenshu.mechanisms.gathering.actions import do_change_gathering  # noqa: E402
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind  # noqa: E402

START = datetime.date(2014, 4, 1)
BATCH = 2_000
CLASSES = {
    "2文字": ["契約", "障害", "保健", "鯨洞"],
    "3文字": ["標準化", "会議室", "議事録", "見直し"],
    "複数の語": ["会議 システム", "契約 更新 見直し", "認証 障害 報告"],
    "長い語": ["バックアップ", "について確認した", "ネットワーク"],
    "まれな語": [RARE[3], RARE[77], RARE[210]],
    "とても多い語": ["会議", "システム"],
    "無い語": ["蛸壺", "ぬるぽん", "閉庁日曜"],
    "番号": ["S00042", "0000777"],
}


def main(objects: int, rounds: int) -> None:
    """JSON on the last line."""
    people = fill(objects)
    before, cpu, clock = size(), time.process_time(), time.perf_counter()
    rebuild()
    build, build_cpu = time.perf_counter() - clock, time.process_time() - cpu
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT sum(length(whole) + length(title)) FROM search_indexrow")
        letters = cursor.fetchone()[0]
    peers = peer_queries()
    lines = [ask(name, label, user, rounds, peers) for name in CLASSES for label, user in people.items()]
    print(
        json.dumps(
            {
                "rows": IndexRow.objects.count(),
                "letters": int(letters),
                "build": build,
                "build_cpu": build_cpu,
                "size": size() - before,
                "change": changing(),
                "peers": list(peers),
                "lines": lines,
            }
        )
    )


def fill(objects: int) -> dict[str, User]:
    """The records; nothing is indexed yet."""
    texts, machine = Texts(), system_user()
    OfficeProfile.objects.create(name="見本県")
    do_open_year(FiscalYear(2023), acting_user=machine)
    share = objects / 200_000
    units = kept(
        Unit(code=f"{n:06}", kind="division", name=f"{texts.word()}{texts.word()}課", valid_from=START)
        for n in range(max(int(2_000 * share), 40))
    )
    staff = kept(
        Staff(number=f"{n:07}", name=texts.name(), kana="みほん はなこ") for n in range(int(60_000 * share))
    )
    for person in staff:
        person.derive()
    people = accounts(units, staff, machine)
    kept(
        System(
            number=f"S{n:05}",
            name=f"{texts.word()}{texts.word()}システム",
            owner=units[n % len(units)],
            purpose=texts.body(60),
        )
        for n in range(int(5_000 * share))
    )
    gatherings = kept(
        Gathering(
            kind=GatheringKind.MEETING,
            title=texts.title(),
            host=units[n % len(units)],
            held_on=START + datetime.timedelta(days=n % 3_650),
            outline=texts.body(60),
            minutes=texts.body(240),
        )
        for n in range(int(60_000 * share))
    )
    force = TaskForce.objects.create(name="見本タスクフォース", valid_from=START)
    groups = kept(WorkingGroup(task_force=force, name=f"{n}番", valid_from=START) for n in range(50))
    kept(
        Issue(
            working_group=groups[n % 50],
            title=texts.sentence(),
            detail=texts.body(120),
            owner_unit=units[n % len(units)],
            opened_on=START + datetime.timedelta(days=n % 3_650),
        )
        for n in range(int(53_000 * share))
    )
    documents(gatherings, int(20_000 * share), texts, machine)
    return people


def kept(rows: Any) -> list[Any]:
    """Save in bulk."""
    listed = list(rows)
    for start in range(0, len(listed), BATCH):
        type(listed[0])._default_manager.bulk_create(listed[start : start + BATCH])
    return listed


def accounts(units: list[Unit], staff: list[Staff], machine: User) -> dict[str, User]:
    """One who sees everything, one who sees a division's."""
    first = do_create_account("all", "見本 全", "mihon-no-aikotoba-1", acting_user=machine)
    do_grant_role(
        first, Role.EXECUTIVE, valid_from=START, valid_until=None, reason="見本", acting_user=machine
    )
    Post.objects.create(staff=staff[0], unit=units[7], rank=PostRank.HEAD, valid_from=START)
    second = do_create_account("head", "見本 長", "mihon-no-aikotoba-1", acting_user=machine)
    User.objects.filter(pk=second.pk).update(staff=staff[0])
    User.objects.update(must_change_password=False)
    return {"all": User.objects.get(pk=first.pk), "head": User.objects.get(pk=second.pk)}


def documents(gatherings: list[Gathering], count: int, texts: Texts, machine: User) -> None:
    """Attachments of some pages, as if they had been read already."""
    kind = ContentType.objects.get_for_model(Gathering)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        stored = kept(StoredFile(sha256=f"{n:064x}", size=1, content_type="application/pdf") for n in numbers)
        kept(
            Extract(stored=item, state="read", text=texts.body(texts.chance.randint(1_200, 4_000)))
            for item in stored
        )
        kept(
            Attachment(
                stored=item,
                name=f"{texts.word()}{texts.word()}資料.pdf",
                target_type=kind,
                target_pk=str(gatherings[n % len(gatherings)].pk),
                uploaded_by=machine,
            )
            for n, item in zip(numbers, stored, strict=True)
        )


def ask(
    name: str, label: str, user: User, rounds: int, peers: dict[str, Callable[[Wording], None]]
) -> dict[str, Any]:
    """Times of one class of words for one person."""
    asked = CLASSES[name]
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    hits = max(len(find(fresh(user), read_wording(words)).hits) for words in asked)
    client.get("/search/", {"q": asked[0]})
    times = [
        spread(lambda words: find(fresh(user), read_wording(words)), asked, rounds),
        spread(lambda words: client.get("/search/", {"q": words}), asked, rounds),
    ]
    times += [spread(partial(ask_peer, peer), asked, max(rounds // 4, 1)) for peer in peers.values()]
    return {"words": name, "person": label, "hits": hits, "times": times}


def ask_peer(peer: Callable[[Wording], None], words: str) -> None:
    """Ask a peer for what a person typed."""
    peer(read_wording(words))


def fresh(user: User) -> User:
    """The person as a new request brings it: roles are asked anew."""
    return User.objects.select_related("staff").get(pk=user.pk)


def spread(call: Callable[[str], Any], asked: list[str], rounds: int) -> tuple[float, float, float]:
    """p50 and p95 in ms of wall time, and ms of CPU of one call, the database server's included."""
    taken, server = [], server_pid()
    cpu = time.process_time() + (tree_cpu(server) if server else 0.0)
    for _ in range(rounds):
        for words in asked:
            clock = time.perf_counter()
            call(words)
            taken.append((time.perf_counter() - clock) * 1000)
    cpu = time.process_time() + (tree_cpu(server) if server else 0.0) - cpu
    taken.sort()
    p95 = taken[min(int(len(taken) * 0.95), len(taken) - 1)]
    return statistics.median(taken), p95, cpu / len(taken) * 1000


def peer_queries() -> dict[str, Callable[[Wording], None]]:
    """LIKE on the same rows; with a trigram index where the extension is there."""

    def like(wording: Wording) -> None:
        each = " AND ".join("(title LIKE %s OR whole LIKE %s)" for _ in wording.words)
        values = [f"%{word}%" for word in wording.words for _ in range(2)]
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT id FROM search_indexrow WHERE {each} ORDER BY "on" DESC LIMIT 500', values
            )
            cursor.fetchall()

    peers: dict[str, Callable[[Wording], None]] = {"LIKE": like}
    if connection.vendor == "postgresql":
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError:
            print("pg_trgm is not there: left out", file=sys.stderr)
        else:
            with connection.cursor() as cursor:
                # A copy, so that LIKE itself stays without an index.
                cursor.execute('CREATE TABLE trigrams AS SELECT id, title, whole, "on" FROM search_indexrow')
                cursor.execute(
                    "CREATE INDEX trigrams_whole ON trigrams USING gin (whole gin_trgm_ops, title gin_trgm_ops)"
                )
                cursor.execute("ANALYZE trigrams")
            peers["pg_trgm"] = trigram
    return peers


def trigram(wording: Wording) -> None:
    """LIKE served by pg_trgm."""
    each = " AND ".join("(title LIKE %s OR whole LIKE %s)" for _ in wording.words)
    values = [f"%{word}%" for word in wording.words for _ in range(2)]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM trigrams WHERE {each} ORDER BY "on" DESC LIMIT 500', values)
        cursor.fetchall()


def changing() -> float:
    """ms for one session to be changed through its action, audit row and index included."""
    machine, taken = system_user(), []
    for gathering in Gathering.objects.order_by("pk")[:20]:
        clock = time.perf_counter()
        do_change_gathering(gathering, {"minutes": gathering.minutes + "追記した。"}, acting_user=machine)
        taken.append((time.perf_counter() - clock) * 1000)
    return statistics.median(taken)


def size() -> int:
    """Bytes of the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(settings.DATABASES["default"]["NAME"]).stat().st_size


if __name__ == "__main__":
    collect_static()
    main(int(sys.argv[1]), int(sys.argv[2]))
