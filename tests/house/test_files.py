"""What lies in the repository: nobody's number, no address of a download, every foreign file known by its hash."""

import ast
import hashlib
import re

import pytest

from daicho.rules.people.codes import mod11_2to7

# Digits that pass the check and may stand here, each with its reason.
HARMLESS_DIGITS: dict[str, str] = {}
DIGITS = re.compile(r"(?<![0-9A-Za-z_.])[0-9][0-9_]{9,}[0-9](?![0-9A-Za-z_])")
HOSTS = re.compile(
    r"pypi\.org|pythonhosted|npmjs|yarnpkg|/opt/(?:pypi|wheels)|proxy\.golang|crates\.io|(?<!emit-)index-url|find-links",
    re.IGNORECASE,
)
TOOLING = re.compile("|".join(("/" + "work/", "cla" + "ude", "anthro" + "pic", "sub" + "agent", "chat" + "gpt", "co" + "pilot",
                               "bash" + "_jobs", "issues" + " show")), re.IGNORECASE)  # fmt: skip
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
SAYS_NO_TO_THE_CODEC = "src/daicho/wire/codecs/letters.py"  # msgspec's hooks refuse a type in this way
SUPPRESSION = re.compile(r"#\s*(?:ruff:\s*)?(noqa|type:\s*ignore|pragma:\s*no cover|mypy:|fmt: off)(.*)")
SUPPRESSIONS_MAX = 45  # may only fall


def _text(path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_number_or_code_of_a_person_is_committed(house) -> None:
    wrong = []
    for path in house.tracked():
        if path.suffix in (".js", ".css") or path.name in ("SHA256SUMS", "LICENSE", "LICENSE.txt"):
            continue
        for line, text in enumerate(_text(path).splitlines(), 1):
            for token in DIGITS.findall(text):
                digits = token.replace("_", "")
                if len(digits) not in (11, 12) or digits in HARMLESS_DIGITS or not digits.strip("0"):
                    continue
                if int(digits[-1]) == mod11_2to7(digits[:-1]):
                    wrong.append(f"{path.relative_to(house.root)}:{line} {token}")
    assert not wrong, "\n".join(wrong)


def test_no_file_names_a_place_of_download(house) -> None:
    here = "tests/house/test_files.py"
    wrong = [
        f"{path.relative_to(house.root)}:{line} {text.strip()[:80]}"
        for path in house.tracked()
        if path.relative_to(house.root).as_posix() != here and path.suffix not in (".js", ".css")
        for line, text in enumerate(_text(path).splitlines(), 1)
        if HOSTS.search(text) and "published on npm" not in text
    ]
    assert not wrong, "\n".join(wrong)


def test_no_file_speaks_of_the_tools_it_was_written_with(house) -> None:
    wrong = [
        f"{path.relative_to(house.root)}:{line} {text.strip()[:80]}"
        for path in house.tracked()
        if path.suffix not in (".js", ".css")
        for line, text in enumerate(_text(path).splitlines(), 1)
        if TOOLING.search(text)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_marked_as_unfinished(house) -> None:
    wrong = [
        f"{path.relative_to(house.root)}:{line} {text.strip()[:80]}"
        for path in house.tracked()
        if path.suffix in (".py", ".sql", ".html", ".toml", ".sh") or path.name in ("Makefile", "run")
        for line, text in enumerate(_text(path).splitlines(), 1)
        if UNFINISHED.search(text) and path.relative_to(house.root).as_posix() != SAYS_NO_TO_THE_CODEC
    ]
    assert not wrong, "\n".join(wrong)


def test_a_suppression_names_its_rule_and_its_reason_and_their_number_falls(house) -> None:
    wrong, count = [], 0
    for path in (house.root / "src").rglob("*.py"):
        for line, text in enumerate(_text(path).splitlines(), 1):
            match = SUPPRESSION.search(text)
            if not match:
                continue
            count += 1
            rule = re.match(r"\s*(?:\[[\w-]+\]|:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)", match.group(2))
            reason = match.group(2)[rule.end():].strip(" -#()") if rule else ""  # fmt: skip
            if not rule or len(reason) < 6:
                wrong.append(f"{path.relative_to(house.root)}:{line} {text.strip()[:100]}")
    assert not wrong, "\n".join(wrong)
    assert count <= SUPPRESSIONS_MAX, f"{count} suppressions"


def test_no_test_is_skipped_and_none_sleeps(house) -> None:
    wrong = []
    for path in sorted((house.root / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(_text(path))):
            if isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "xfail", "importorskip"):
                owner = ast.unparse(node.value)
                if owner in ("pytest", "pytest.mark", "mark"):
                    wrong.append(f"{path.relative_to(house.root)}:{node.lineno} {owner}.{node.attr}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["run", "test", "build"])
def test_requirements_are_pinned_with_hashes_and_without_addresses(root, name) -> None:
    text = (root / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)
    packages = re.findall(r"^[a-z0-9][^\n]*(?:\n    [^\n]*)*", text, re.MULTILINE)
    assert packages
    assert [one.split("\n")[0] for one in packages if "==" not in one or "--hash=sha256:" not in one] == []


def test_the_tests_run_with_the_versions_of_production(root) -> None:
    def pinned(name: str) -> dict[str, str]:
        text = (root / "requirements" / name).read_text()
        return dict(re.findall(r"^([a-z0-9][\w.-]*)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE))

    run, test = pinned("run.txt"), pinned("test.txt")
    assert {name: (run[name], test.get(name)) for name in run if test.get(name) != run[name]} == {}


@pytest.mark.parametrize("sums", ["vendor/SHA256SUMS", "data/SHA256SUMS"])
def test_files_of_others_are_what_their_list_says(root, sums) -> None:
    lines = (root / sums).read_text(encoding="utf-8").splitlines()
    assert lines
    wrong = []
    for line in lines:
        wanted, name = line.split(maxsplit=1)
        path = root / name.lstrip("*")
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            wrong.append(name)
    assert not wrong, "\n".join(wrong)


def test_every_vendored_file_is_listed(root) -> None:
    listed = {
        line.split(maxsplit=1)[1].lstrip("*")
        for line in (root / "vendor/SHA256SUMS").read_text().splitlines()
    }
    there = {
        path.relative_to(root).as_posix()
        for folder in [root / "vendor", *root.glob("src/daicho/**/vendor")]
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("README.md", "SHA256SUMS")
    }
    assert there - listed == set()


def test_every_table_has_a_source_and_a_licence(root) -> None:
    text = (root / "data" / "README.md").read_text(encoding="utf-8")
    tables = {path.relative_to(root).as_posix() for path in (root / "src").rglob("*.csv")}
    assert {table for table in tables if f"`{table}`" not in text} == set()
    named = set(re.findall(r"`(src/[^`]+\.csv)`", text))
    assert named - tables == set()


def test_the_licence_is_apache_2(root) -> None:
    text = (root / "LICENSE").read_text()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_continuous_integration_runs_the_front_door(root) -> None:
    assert re.search(r"^\s*make test", (root / ".ci" / "run").read_text(), re.MULTILINE)
    assert (root / ".ci" / "run").stat().st_mode & 0o111


def test_every_target_of_the_front_door_is_explained(root) -> None:
    text = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", text, re.MULTILINE))
    explained = set(re.findall(r"^([a-z][a-z0-9-]*):[^\n]*## ", text, re.MULTILINE))
    assert targets - explained == {"packages-present"}
