"""A backup of a house at work comes back on either database: everything, or nothing."""

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tenshu.ground.operations.backup import ANCHORS
from tenshu.ground.operations.container import MANIFEST, writing
from tests.commands import ROOT, own_environment, run, tenshu

#: Of the four ways between the two databases, those that this run of the tests can go.
WAYS = (
    [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]
    else [("sqlite", "sqlite")]
)


JOBS = "django_tasks_database_dbtaskresult"


def with_settings(env):
    return env | {"DJANGO_SETTINGS_MODULE": "tenshu.config.settings", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


@contextmanager
def a_house(database, folder):
    """The environment of an empty home on that database."""
    with own_environment(folder) as env:
        if database == "sqlite":
            env.pop("TENSHU_DATABASE_URL", None)
        yield with_settings(env)


def build(env):
    """A house with a record of every kind; gives the number that its last, removed attachment had."""
    command = [sys.executable, "-m", "tests.backup_house", "build"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def several(env, *commands, fine=True):
    """Commands of ``tenshu`` in one process; all have to end well unless ``fine`` is taken off."""
    command = [sys.executable, "-m", "tests.backup_house", "several"]
    words = json.dumps([[str(word) for word in words] for words in commands])
    ran = subprocess.run(command, env=env, cwd=ROOT, input=words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    done = [Done(**found) for found in json.loads(ran.stdout)]
    assert (
        not fine or [one.err for one in done if one.code and "--audit" not in commands[done.index(one)]] == []
    )
    return done


@contextmanager
def somebody_writing(env):
    """A process that writes all the while; gives how often it has written so far."""
    command = [sys.executable, "-m", "tests.backup_house", "write"]
    process = subprocess.Popen(
        command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    yield process.stdout.readline
    process.stdin.close()
    process.stdout.read()
    assert process.wait(60) == 0


def contents(path):
    """Rows by table and column, whatever database wrote them; what a restore changes on purpose left out."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        for table in manifest["tables"]:
            rows = [json.loads(line) for line in archive.read(table["member"]).splitlines()]
            found[table["name"]] = [
                {
                    name: json.loads(value) if kind == "json" and value is not None else value
                    for (name, kind), value in zip(table["columns"], row, strict=True)
                    if name not in {"status", "started_at"}
                }
                for row in rows
            ]
    return found, manifest


def told_by(env):
    """The commands that say what a house holds: figures, the closed report, the check of record and files."""
    figures = [["figures", "--year", year, "--format", "json"] for year in ("R4", "R5")]
    report = ["report", "--year", "R4", "--out", f"{env['TENSHU_HOME']}/out", "--format", "json"]
    return [*figures, report, ["check", "--year", "R5", "--audit", "--files", "--format", "json"]]


def statements(env, done):
    """What ``told_by`` said, and what the check found wrong in record and files."""
    *figures, _, check = done
    report = (Path(env["TENSHU_HOME"]) / "out" / "年次報告_R4.json").read_text(encoding="utf-8")
    return [json.loads(text) for text in (*(one.out for one in figures), report)], faults(check)


CHECK = ["check", "--year", "R5", "--audit", "--files", "--format", "json"]


def faults(check):
    """What ``CHECK`` found."""
    ours = {"audit.chain", "files.store", "files.unknown"}
    return [rule["findings"] for rule in json.loads(check.out) if rule["id"] in ours and rule["findings"]]


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_a_house_at_work_is_copied_and_comes_back_whole(source, target, tmp_path):
    backup, again = tmp_path / "backup.zip", tmp_path / "again.zip"
    with a_house(source, tmp_path / "a") as here, a_house(target, tmp_path / "b") as there:
        gone = build(here)
        with somebody_writing(here) as written:
            before = int(written())
            tenshu(here, "backup", str(backup))
            after = int(written())
            while after < before + 5:
                after = int(written())
        assert "取ったときのまま" in tenshu(there, "backup", "--verify", str(backup))
        said_here = several(here, *told_by(here))
        _, *said, _, new, check = several(
            there, ["restore", backup], *told_by(there), ["backup", again], ["go-on"], CHECK
        )
        assert statements(there, said) == (statements(here, said_here)[0], [])
        rows, manifest = contents(backup)
        rows_there, manifest_there = contents(again)
        for table in rows:
            # A restore may leave work behind (an index to be looked through); it never takes any away.
            more = [row for row in rows_there[table] if table == JOBS and row not in rows[table]]
            assert [row for row in rows_there[table] if row not in more] == rows[table], table
        assert manifest_there["audit"] == manifest["audit"]
        assert "django_session" not in rows
        files = [row for row in rows["files_attachment"] if row["name"].startswith("書込")]
        recorded = [
            row for row in rows["audit_auditrow"] if str(row["after"].get("name", "")).startswith("書込")
        ]
        assert before <= len(files) == len(recorded)
        assert int(new.out.split()[-1]) > gone
        assert faults(check) == []


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A backup to be ill-treated, and the environment of the house that it was taken from."""
    folder = tmp_path_factory.mktemp("kept")
    with own_environment(folder / "home") as env:
        env = with_settings(env)
        build(env)
        tenshu(env, "backup", str(folder / "backup.zip"))
        yield folder / "backup.zip", env


def is_empty(env):
    """Whether a home has no database, or one without tables."""
    url = env.get("TENSHU_DATABASE_URL")
    if url:
        with psycopg.connect(url) as link:
            return link.execute("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (
                0,
            )
    path = Path(env["TENSHU_HOME"]) / "tenshu.sqlite3"
    if not path.exists():
        return True
    with closing(sqlite3.connect(path)) as link:
        return link.execute("SELECT COUNT(*) FROM sqlite_master").fetchone() == (0,)


def flipped(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_a_damaged_backup_is_refused_before_anything_changes(kept, environment, tmp_path):
    good = kept[0].read_bytes()
    chance = random.Random(5)
    damaged = [flipped(good, chance.randrange(len(good))) for _ in range(40)]
    damaged += [good[: len(good) // 2], good[:-1], good[1:], b"", b"PK\x03\x04", good + b"x"]
    from tenshu.ground.operations.backup import verify_backup
    from tenshu.ground.operations.container import DamagedBackupError

    path = tmp_path / "damaged.zip"
    for content in damaged:
        path.write_bytes(content)
        with pytest.raises(DamagedBackupError):
            verify_backup(path)
    path.write_bytes(damaged[0])
    env = with_settings(environment)
    for arguments in (["restore", str(path)], ["backup", "--verify", str(path)]):
        done = run(env, *arguments)
        assert done.returncode == 1
        assert "別の控えを使ってください" in done.stderr
        assert "Traceback" not in done.stderr
    assert is_empty(env)


def rewritten(path, to, change, without="", doubled=""):
    """The backup with another manifest, without a member, and with the lines of another twice, sealed anew."""
    with zipfile.ZipFile(path) as old, to.open("w+b") as stream, writing(stream) as writer:
        manifest = json.loads(old.read(MANIFEST))
        for member in manifest.pop("members"):
            if member["name"] != without:
                twice = 2 if member["name"] == doubled else 1
                writer.add(member["name"], [old.read(member["name"]) * twice])
        change(manifest)
        writer.finish(manifest)
    return to


UNFIT = [
    (lambda m: m["migrations"].append(["office", "9999_of_tomorrow"]), "新しい版のもの"),
    (lambda m: m.update(format=2), "新しくしてください"),
    (lambda m: m["tables"][3].update(rows=m["tables"][3]["rows"] + 1), "行です"),
    (lambda m: m["tables"][3]["columns"].pop(), "列が"),
    (lambda m: m["audit"].update(chain_hash="0" * 64), "最後の封印"),
]


def test_a_backup_that_does_not_fit_changes_nothing(kept, environment, tmp_path):
    env = with_settings(environment)
    paths = [rewritten(kept[0], tmp_path / f"{n}.zip", change) for n, (change, _) in enumerate(UNFIT)]
    paths.append(rewritten(kept[0], tmp_path / "anchors.zip", lambda manifest: None, without=ANCHORS))
    twice = "tables/access_user.jsonl"
    paths.append(rewritten(kept[0], tmp_path / "twice.zip", lambda manifest: None, doubled=twice))
    messages = [message for _, message in UNFIT] + [f"{ANCHORS} がありません", "合いません（"]
    for done, message in zip(
        several(env, *(["restore", path] for path in paths), fine=False), messages, strict=True
    ):
        assert done.code == 1
        assert message in done.err
        assert "何も変えていません" in done.err
    assert is_empty(env)


def killed(env, marker, *arguments):
    """Run a command and kill it when it says ``marker``."""
    command = [sys.executable, "-m", "tenshu.config.command_line", *arguments]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if marker in line:
            process.send_signal(signal.SIGKILL)
            break
    else:
        raise AssertionError(f"{arguments[0]} never said {marker}")
    process.stderr.read()
    process.wait()


def test_a_killed_restore_leaves_an_empty_house_and_the_next_one_completes(kept, environment):
    env = with_settings(environment)
    for marker in ("access_user", "記録を入れ終えました"):
        killed(env, marker, "restore", str(kept[0]))
        assert is_empty(env)
    _, check = several(env, ["restore", kept[0]], CHECK)
    assert faults(check) == []


def test_a_killed_backup_leaves_no_file_of_that_name(kept, tmp_path):
    path = tmp_path / "killed.zip"
    killed(kept[1], "files", "backup", str(path))
    assert not path.exists() or "取ったときのまま" in tenshu(kept[1], "backup", "--verify", str(path))
    tenshu(kept[1], "backup", "--force", str(path))
    assert sorted(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o077 == 0


def test_records_are_replaced_only_when_asked_and_nobody_else_is_in_the_house(kept, tmp_path):
    backup, source = kept
    force = ["restore", "--force", str(backup)]
    said_there = several(source, *told_by(source))
    with own_environment(tmp_path / "home") as env:
        env = with_settings(env)
        _, _, refused = several(env, ["restore", backup], ["go-on"], ["restore", backup], fine=False)
        assert refused.code == 1
        assert "--force" in refused.err
        with somebody_inside(env):
            busy = run(env, *force)
        assert busy.returncode == 1
        assert "止めてから" in busy.stderr
        _, *said = several(env, force, *told_by(env))
        assert statements(env, said) == (statements(source, said_there)[0], [])
        if "TENSHU_DATABASE_URL" not in env:
            assert list(Path(env["TENSHU_HOME"]).glob("tenshu.sqlite3.replaced-*"))


@contextmanager
def somebody_inside(env):
    url = env.get("TENSHU_DATABASE_URL")
    if url:
        # Between two requests: signed in to the database, and without any lock.
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("SELECT COUNT(*) FROM office_unit")
            yield
        return
    with closing(sqlite3.connect(Path(env["TENSHU_HOME"]) / "tenshu.sqlite3")) as link:
        link.execute("SELECT COUNT(*) FROM office_unit").fetchone()
        yield


def test_a_backup_never_replaces_another_by_accident_and_a_folder_keeps_the_newest(kept, tmp_path):
    backup, env = kept
    refused = run(env, "backup", str(backup))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    for day in ("20240101-000000", "20240102-000000", "2023年度末"):
        shutil.copy(backup, tmp_path / f"tenshu-{day}.zip")
    (tmp_path / "tenshu-20240103-000000.zip.partial").write_bytes(b"cut off")
    tenshu(env, "backup", "--keep", "2", str(tmp_path))
    kept_names = sorted(path.name for path in tmp_path.iterdir())
    assert len(kept_names) == 3
    assert {"tenshu-20240102-000000.zip", "tenshu-2023年度末.zip"} < set(kept_names)


def test_an_encrypted_backup_comes_back_with_its_passphrase_alone(kept, environment, tmp_path):
    plain, env = kept
    (tmp_path / "passphrase").write_text("城の石垣は野面積みである\n", encoding="utf-8")
    key = {"TENSHU_BACKUP_PASSPHRASE_FILE": str(tmp_path / "passphrase")}
    folder, there = tmp_path / "backups", with_settings(environment)
    folder.mkdir()
    assert "暗号化済" in tenshu(env | key, "backup", "--keep", "1", str(folder))
    (sealed,) = folder.iterdir()
    assert sealed.name.endswith(".zip.enc")
    assert not zipfile.is_zipfile(sealed)
    without, _ = several(there, ["restore", sealed], ["backup", "--verify", plain], fine=False)
    assert (without.code, is_empty(there)) == (1, True)
    assert "暗号化されています" in without.err
    wrong = run(there | {"TENSHU_BACKUP_PASSPHRASE": "城の石垣は切込接ぎである"}, "restore", str(sealed))
    assert (wrong.returncode, "合言葉が違うか" in wrong.stderr) == (1, True)
    assert "戻しました" in tenshu(there | key, "restore", str(sealed))
    tenshu(there, "backup", str(tmp_path / "again.zip"))
    assert contents(tmp_path / "again.zip")[1]["audit"] == contents(plain)[1]["audit"]


def test_a_home_without_records_is_not_taken_for_one(environment, tmp_path):
    (done,) = several(with_settings(environment), ["backup", tmp_path / "x.zip"], fine=False)
    assert done.code == 1
    assert "TENSHU_HOME" in done.err
    assert not (tmp_path / "x.zip").exists()


def test_the_key_travels_only_when_asked(kept, environment, tmp_path):
    backup, source = kept
    key = (Path(source["TENSHU_HOME"]) / "secret_key").read_bytes()
    with zipfile.ZipFile(backup) as archive:
        assert not any(key in archive.read(name) for name in archive.namelist())
    env = with_settings(environment)
    with_key = tmp_path / "with-key.zip"
    tenshu(source, "backup", "--with-secrets", str(with_key))
    tenshu(env, "restore", str(with_key))
    path = Path(env["TENSHU_HOME"]) / "secret_key"
    assert path.read_bytes() == key
    assert path.stat().st_mode & 0o077 == 0


def test_a_content_that_was_lost_before_is_told_and_the_rest_is_kept(kept, tmp_path):
    backup, _ = kept
    with own_environment(tmp_path / "home") as env:
        env = with_settings(env)
        tenshu(env, "restore", str(backup))
        files = [path for path in (tmp_path / "home" / "files").rglob("*") if path.is_file()]
        files[0].unlink()
        files[1].chmod(0o600)
        files[1].write_bytes(b"another")
        files[2].unlink()
        files[2].mkdir()  # what the disk does not give any more
        done = run(env, "backup", str(tmp_path / "lossy.zip"))
        assert done.returncode == 1
        assert all(path.name[:12] in done.stderr for path in files[:3])
        (verified,) = several(env, ["backup", "--verify", tmp_path / "lossy.zip"], fine=False)
        assert verified.code == 1
        assert "取ったときのまま" in verified.out
        assert files[0].name[:12] in verified.err
        older = tmp_path / "tenshu-20240101-000000.zip"
        shutil.copy(backup, older)
        assert run(env, "backup", "--keep", "1", str(tmp_path)).returncode == 1
        assert older.exists()
        (check,) = several(env, CHECK)
        assert sum("読めません" in told for told in faults(check)[0]) == 1
        files[2].rmdir()
        _, check = several(env, ["restore", "--force", older], CHECK)
        assert faults(check) == []


def test_the_database_of_another_program_is_not_taken_for_an_empty_one(kept, environment):
    env = with_settings(environment)
    url = env.get("TENSHU_DATABASE_URL")
    path = Path(env["TENSHU_HOME"]) / "tenshu.sqlite3"
    path.parent.mkdir(exist_ok=True)
    with closing(psycopg.connect(url) if url else sqlite3.connect(path)) as link:
        link.execute("CREATE TABLE wages (paid integer)")
        link.execute("INSERT INTO wages VALUES (1)")
        link.commit()
    (done,) = several(env, ["restore", kept[0]], fine=False)
    assert (done.code, "wages 1行" in done.err) == (1, True)
    with closing(psycopg.connect(url) if url else sqlite3.connect(path)) as link:
        assert link.execute("SELECT COUNT(*) FROM wages").fetchone() == (1,)
