"""Whole inspections: order, sameness, quality on synthetic registers, files, and the secrecy of numbers."""

from pathlib import Path

import polars as pl
import pytest

from tenshu.engines.linkage import InputError, Seal, inspect_register
from tenshu.engines.linkage.inspection import silent
from tenshu.engines.linkage.normalise import normalise_register, normalise_residents
from tenshu.engines.linkage.tests.samples import WRONG, generate, inspect, number, resident, row, settings

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module", params=["plain", "hard"])
def synthetic(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A synthetic register of 12,000 rows against 40,000 residents, inspected."""
    folder = tmp_path_factory.mktemp(request.param)
    generate(folder, residents=40_000, register=12_000, kind=request.param, seed=31)
    inspect_register(
        folder / "residents.parquet", folder / "register.parquet", folder / "result.parquet", settings()
    )
    return request.param, folder


def judged(folder: Path) -> pl.DataFrame:
    """Result beside the truth."""
    truth = pl.read_parquet(folder / "truth.parquet").drop("pid")
    return pl.read_parquet(folder / "result.parquet").join(truth, on="row", how="left", maintain_order="left")


def test_every_row_has_one_verdict_in_file_order(synthetic: tuple[str, Path]) -> None:
    _, folder = synthetic
    result = pl.read_parquet(folder / "result.parquet")
    register = pl.read_parquet(folder / "register.parquet")
    assert result["pid"].to_list() == register["pid"].to_list()
    assert result["row"].to_list() == list(range(1, len(register) + 1))


def test_ranks_count_from_one_without_gaps(synthetic: tuple[str, Path]) -> None:
    _, folder = synthetic
    result = pl.read_parquet(folder / "result.parquet")
    ranks = result["rank"].drop_nulls().sort().to_list()
    assert ranks == list(range(1, len(ranks) + 1))
    assert set(result.filter(pl.col("rank").is_null())["class"]) <= {"A"}


def test_wrong_links_are_found_and_right_ones_left_alone(synthetic: tuple[str, Path]) -> None:
    kind, folder = synthetic
    rows = judged(folder).with_columns(pl.col("error").is_in(WRONG).alias("wrong"))
    flagged = rows.filter(pl.col("class") == "C")
    assert flagged["wrong"].mean() >= {"plain": 0.97, "hard": 0.9}[kind]
    assert flagged["wrong"].sum() >= {"plain": 0.97, "hard": 0.9}[kind] * rows["wrong"].sum()
    assert not rows.filter(pl.col("class") == "A")["wrong"].any()


def test_owners_and_proposals_are_the_right_persons(synthetic: tuple[str, Path]) -> None:
    _, folder = synthetic
    rows = judged(folder).filter(pl.col("best_other_person").is_not_null(), pl.col("true_person") >= 0)
    named = rows.filter(
        pl.col("class").is_in(["U", "N", "X"]) | (pl.col("error").is_in(WRONG) & (pl.col("class") == "C"))
    )
    assert len(named) > 200
    assert (named["best_other_person"] == named["true_person"]).mean() >= 0.99


def test_less_memory_more_threads_and_a_second_run_change_nothing(
    synthetic: tuple[str, Path], tmp_path: Path
) -> None:
    _, folder = synthetic
    files = folder / "residents.parquet", folder / "register.parquet"
    inspect_register(*files, tmp_path / "again.parquet", settings(memory=200 * 10**6, threads=2))
    assert pl.read_parquet(tmp_path / "again.parquet").equals(pl.read_parquet(folder / "result.parquet"))


def test_work_files_hold_no_personal_number_and_are_deleted(tmp_path: Path) -> None:
    people = [resident(at) for at in range(1, 4)]
    pl.DataFrame(people).write_parquet(tmp_path / "residents.parquet")
    pl.DataFrame([row(str(at), number(at), people[at - 1]) for at in range(1, 4)]).write_parquet(
        tmp_path / "register.parquet"
    )
    for normalise, name in ((normalise_register, "register"), (normalise_residents, "residents")):
        out = tmp_path / f"{name}.normalised"
        normalise(tmp_path / f"{name}.parquet", out, Seal(bytes(32)), threads=1, progress=silent)
        cells = pl.read_parquet(out).select(pl.all().cast(pl.String)).rows()
        written = {str(cell) for cells_of_row in cells for cell in cells_of_row}
        assert not any(
            number(at) in cell or str(int(number(at))) in cell for at in range(1, 4) for cell in written
        )
    work = tmp_path / "work"
    work.mkdir()
    inspect_register(
        tmp_path / "residents.parquet",
        tmp_path / "register.parquet",
        tmp_path / "out.parquet",
        settings(work=work),
    )
    assert list(work.iterdir()) == []


def test_replies_without_persons_serve_as_residents(tmp_path: Path) -> None:
    people = [
        resident(1),
        resident(2, name="中村\u3000美咲", kana="ナカムラ ミサキ", dob="1990-12-25", sex="女"),
    ]
    replies = [{key: value for key, value in person.items() if key != "person"} for person in people]
    found = inspect(tmp_path, replies, [row("1", number(1), people[0]), row("2", number(1), people[1])])
    assert [each["class"] for each in found] == ["D", "C"]
    assert found[1]["best_other_person"] == 1


def test_csv_files_are_read_like_parquet(tmp_path: Path) -> None:
    people = [resident(at, dob=f"19{50 + at}-01-02") for at in range(3)]
    rows = [row(str(at), number(at), people[at]) for at in range(3)]
    expected = inspect(tmp_path, people, rows)
    pl.DataFrame(people).write_csv(tmp_path / "residents.csv")
    pl.DataFrame(rows).write_csv(tmp_path / "register.csv")
    inspect_register(
        tmp_path / "residents.csv", tmp_path / "register.csv", tmp_path / "csv.parquet", settings()
    )
    found = pl.read_parquet(tmp_path / "csv.parquet").drop("reasons").to_dicts()
    assert found == [{key: value for key, value in each.items() if key != "reasons"} for each in expected]


def test_a_missing_column_is_named_with_its_file(tmp_path: Path) -> None:
    pl.DataFrame([resident(1)]).drop("dob").write_parquet(tmp_path / "residents.parquet")
    pl.DataFrame([row("1", number(1), resident(1))]).write_parquet(tmp_path / "register.parquet")
    with pytest.raises(InputError, match=r"residents\.parquet.*dob"):
        inspect_register(
            tmp_path / "residents.parquet",
            tmp_path / "register.parquet",
            tmp_path / "out.parquet",
            settings(),
        )


def test_a_person_that_is_no_number_is_named_by_row(tmp_path: Path) -> None:
    pl.DataFrame([resident(1) | {"person": "x"}]).write_parquet(tmp_path / "residents.parquet")
    pl.DataFrame([row("1", number(1), resident(1))]).write_parquet(tmp_path / "register.parquet")
    with pytest.raises(InputError, match="1件目 列 person"):
        inspect_register(
            tmp_path / "residents.parquet",
            tmp_path / "register.parquet",
            tmp_path / "out.parquet",
            settings(),
        )
