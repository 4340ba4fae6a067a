"""Documents that cannot drift: every function, module, requirement and number that they name is there."""

import csv
import importlib
import re
import subprocess
import sys

import pytest

from daicho.cli.conformance import judge, marks_of, summary

FUNCTION = re.compile(r"`(daicho(?:\.\w+)+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def _resolve(name: str) -> object:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError as error:
            if error.name and not ".".join(parts[:cut]).startswith(error.name):
                raise
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise AttributeError(name)


def test_every_name_in_a_document_exists(house, root) -> None:
    wrong = []
    for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        for name in sorted(set(FUNCTION.findall(path.read_text(encoding="utf-8")))):
            if name.endswith((".internal",)):
                continue
            try:
                _resolve(name)
            except (AttributeError, ModuleNotFoundError):
                wrong.append(f"{path.relative_to(root)}: {name}")
    assert not wrong, "\n".join(wrong)


def test_journeys_are_numbered_steps_that_name_functions(root) -> None:
    journeys = sorted((root / "docs" / "journeys").glob("*.md"))
    assert journeys
    for path in journeys:
        text = path.read_text(encoding="utf-8")
        numbers = [int(one) for one in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1)), path.name
        assert len(FUNCTION.findall(text)) >= 3, path.name


def test_decisions_are_numbered_without_holes_and_complete(root) -> None:
    records = sorted((root / "docs" / "adr").glob("[0-9]*.md"))
    assert records
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]}"), path.name
        for heading in ("## Context", "## Options", "## Decision", "## Consequences"):
            assert heading in text, f"{path.name}: {heading}"


def test_every_link_between_documents_leads_somewhere(root) -> None:
    wrong = []
    for path in [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]:
        wrong += [
            f"{path.relative_to(root)}: {target}"
            for target in LINK.findall(path.read_text(encoding="utf-8"))
            if "://" not in target and not (path.parent / target).exists()
        ]
    assert not wrong, "\n".join(wrong)


def test_what_is_drawn_from_the_source_is_up_to_date(root) -> None:
    told = subprocess.run(
        [sys.executable, "scripts/documents.py", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_list_of_requirements_is_whole(root) -> None:
    with (root / "docs" / "requirements.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    wanted = [f"R-{number:03d}" for number in range(1, 494)]
    wanted += [
        f"F{part}-{number}" for part, count in ((1, 29), (2, 38), (3, 63)) for number in range(1, count + 1)
    ]
    assert sorted(ids) == sorted(wanted)
    assert len(ids) == 623


def test_every_claim_names_a_requirement(root) -> None:
    judged = judge(root)
    assert sum(int(word.split()[0]) for word in summary(judged).split(", ")) == 623


@pytest.mark.parametrize("table", ["deployment", "organisational"])
def test_a_claim_without_a_test_shows_a_document(root, table) -> None:
    with (root / "docs" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        wrong = [row["id"] for row in csv.DictReader(file) if not (root / row["document"]).is_file()]
    assert wrong == []


def test_marks_read_from_the_text_are_those_that_pytest_sees(request, root) -> None:
    seen = {
        (identifier, item.nodeid.split("::")[0])
        for item in request.session.items
        for mark in item.iter_markers("requirement")
        for identifier in mark.args
    }
    read = {(mark.id, mark.test.split("::")[0]) for mark in marks_of(root / "tests")}
    assert seen <= read
