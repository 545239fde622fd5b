"""Files that others made: what is read, what is not and why, and that nobody's neighbour suffers for it."""

from pathlib import Path

import pytest

from portal.imports.reading import LONGEST_LINE, Record, Source, Unreadable

REQUIRED = frozenset({"id", "name"})


def read(tmp_path: Path, content: bytes) -> list[Record]:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    return read_file(path)


def read_file(path: Path) -> list[Record]:
    with Source.open(path, REQUIRED) as source:
        return list(source.records())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_documented_forms_are_read(tmp_path: Path, delimiter: str, ending: str, mark: bytes) -> None:
    lines = [
        delimiter.join(("ID", "Name")),
        delimiter.join(("1", "María")),
        "",
        delimiter.join(("2", '"de la; Cruz, A|B\tC"')),
    ]
    records = read(tmp_path, mark + ending.join(lines).encode())
    assert [record.cells for record in records] == [
        {"id": "1", "name": "María"},
        {"id": "2", "name": "de la; Cruz, A|B\tC"},
    ]
    assert [record.line for record in records] == [2, 4]


def test_a_value_may_run_over_lines(tmp_path: Path) -> None:
    first, second = read(tmp_path, b'id,name\n1,"Ana\nMaria"\n2,Bo\n')
    assert first.cells["name"] == "Ana\nMaria"
    assert (second.line, second.cells["name"]) == (4, "Bo")


def test_an_unclosed_quotation_mark_takes_one_line_only(tmp_path: Path) -> None:
    records = read(tmp_path, b'id,name\n1,"Ana\n2,Bo\n3,Cy\n')
    assert "quotation mark" in records[0].problem
    assert [record.cells.get("name") for record in records[1:]] == ["Bo", "Cy"]
    assert [record.line for record in records] == [2, 3, 4]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1", "1 values where the header has 2"),
        (b"1,Ana,extra", "3 values"),
        (b"1,A\0na", "NUL"),
        (b"1,Mar\xeda", "UTF-8"),
        (b"1," + b"a" * LONGEST_LINE, "64 KB"),
        (b'1,"a"b', "quotation mark"),
    ],
)
def test_a_broken_line_is_told_and_the_next_is_read(tmp_path: Path, line: bytes, reason: str) -> None:
    broken, sound = read(tmp_path, b"id,name\n" + line + b"\n2,Bo\n")
    assert reason in broken.problem
    assert not broken.cells
    assert (sound.line, sound.cells) == (3, {"id": "2", "name": "Bo"})


def test_a_line_without_end_is_not_kept_in_memory(tmp_path: Path) -> None:
    huge, sound = read(tmp_path, b"id,name\n" + b"x" * 5_000_000 + b"\n2,Bo\n")
    assert "64 KB" in huge.problem
    assert sound.cells["name"] == "Bo"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no column id, name"),
        (b"id,first\n", "no column name"),
        (b"id,name,name\n", "twice"),
        (b'id,"name\n', "header"),
        ("id,name\n".encode("utf-16"), "UTF-16"),
        (b"id,name," + b",".join(b"c%d" % n for n in range(300)), "more than 200"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(tmp_path, content)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        read_file(tmp_path / "none.csv")
