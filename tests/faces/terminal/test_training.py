"""研修用: no page, file or title of a training copy can be taken for the real one."""

import re
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import ask, signed_in

from daicho.rules.network.kinds import NodeKind
from daicho.store.unit import Store

PATHS = ("/", "/search", "/move-in", "/verify", "/statistics", "/history", "/authenticator", "/nowhere")


@pytest.fixture
def url(database: Any) -> Any:
    store: Store = database("registry")
    with running(store, NodeKind.REGISTRY, training=True) as terminal:
        yield str(terminal.url)


def marked(text: str) -> bool:
    title = re.findall(r"<title>([^<]*)</title>", text)
    return (
        bool(title)
        and title[0].startswith("【研修用】")
        and '<p class="training-band" role="note"><b>研修用</b>' in text
    )


def test_the_door_and_every_page_are_marked_in_title_band_and_colour(url: str) -> None:
    cookie, _ = signed_in(url, "A1002")
    pages = [ask(url, "GET", "/sign-in")[2], *(ask(url, "GET", path, Cookie=cookie)[2] for path in PATHS)]
    for text in pages:
        assert marked(text)
        assert '<body class="training' in text
        assert "mark-training.svg" in text
        assert "デモ環境" not in text


def test_refusals_and_faults_are_marked_too(url: str) -> None:
    cookie, key = signed_in(url, "A1003")
    assert marked(ask(url, "GET", "/move-in", Cookie=cookie)[2]), "no right"
    assert marked(ask(url, "POST", "/sign-in/demo", {"login_id": "NOBODY"})[2])
    assert marked(ask(url, "POST", "/search", {"form_key": key[::-1]}, Cookie=cookie)[2])


def test_a_file_says_so_in_its_name_and_its_first_line(url: str) -> None:
    cookie, _ = signed_in(url, "A1001")
    status, headers, text = ask(url, "GET", "/statistics/file/population", Cookie=cookie)
    assert status == 200
    told = headers["content-disposition"]
    assert 'filename="kenshu-population' in told
    assert "filename*=UTF-8''%E7%A0%94%E4%BF%AE%E7%94%A8-population" in told
    assert text.removeprefix("\ufeff").splitlines()[0] == "研修用"


def test_the_real_terminal_bears_none_of_it(database: Any) -> None:
    with running(database("registry"), NodeKind.REGISTRY) as terminal:
        cookie, _ = signed_in(terminal.url, "A1001")
        for text in (
            ask(terminal.url, "GET", "/sign-in")[2],
            ask(terminal.url, "GET", "/", Cookie=cookie)[2],
        ):
            assert "研修用" not in text
            assert '<body class="training' not in text
        _, headers, text = ask(terminal.url, "GET", "/statistics/file/population", Cookie=cookie)
        assert "kenshu" not in headers["content-disposition"]
        assert "研修用" not in text
