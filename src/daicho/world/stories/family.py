"""A family moves from Hakodate to Chiyoda; the law takes its course on every server.

The clerks of the story use the terminals as people do, over HTTP, with the demo authenticator.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import psycopg

from daicho.nodes.agency.ask import ask_nation
from daicho.nodes.config import read_config
from daicho.nodes.watch.assembly import found_node
from daicho.rules.network.kinds import NodeKind
from daicho.wire.operations import LookUpAnswer, LookUpRequest, SearchTermsText
from daicho.world.loading import await_quiet
from daicho.world.nation import Nation
from daicho.world.visitor import Form, Page, PageNotUnderstood, Visitor

_WAIT_SECONDS = 60
_AT_COUNTER = {"notifier": "SELF", "document-NUMBER_CARD": "yes", "card_expires_on": "R16.4.1"}


class StoryFailed(RuntimeError):
    """Something did not happen as the law has it."""


class Told(Protocol):
    """Whoever shows what happens."""

    def tell(self, who: str, line: str) -> None:
        """Write one line of the story."""
        ...


@dataclass(frozen=True, slots=True)
class _Person:
    addressee: int
    code: str
    kanji: str
    furigana: str
    birth: str
    sex: str
    relationship: str


@dataclass(frozen=True, slots=True)
class _Stage:
    nation: Nation
    told: Told
    origin: str
    destination: str
    today: date

    def rows(self, database: str, query: str, *values: object) -> list[tuple[object, ...]]:
        """Look behind the scenes: the story checks what it claims."""
        name = database.replace("-", "_")
        with psycopg.connect(self.nation.cluster.dsn(name)) as connection:
            return list(connection.execute(query.encode(), values).fetchall())

    def wait(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something has arrived. Raises: StoryFailed."""
        end = time.monotonic() + _WAIT_SECONDS
        while not holds():
            self.nation.supervisor.restart_dead()
            if time.monotonic() > end:
                raise StoryFailed(f"{what}: {_WAIT_SECONDS} 秒待っても起きません")
            time.sleep(0.1)


def family_moves(nation: Nation, told: Told) -> None:
    """Tell the story and check every step of it. Raises: StoryFailed."""
    registries = [node.short for node in nation.plan if node.kind is NodeKind.REGISTRY]
    destination, origin = registries[0], registries[min(2, len(registries) - 1)]
    state = json.loads(nation.places.state.read_text())
    stage = _Stage(nation, told, origin, destination, date.fromisoformat(state["business_day"]))
    try:
        if origin != destination:
            family = _family(stage)
            _leave(stage, family)
            _arrive(stage, family)
            _follow(stage, family)
        head = _head_of_household(stage)
        child = _birth(stage, head)
        _passport(stage, head)
        _agency(stage, head)
        _seen(stage, head, child)
        await_quiet(nation)
    except PageNotUnderstood as fault:
        raise StoryFailed(f"画面が予期しないものでした: {fault}") from fault


def _title(stage: _Stage, short: str) -> str:
    return next(node.title for node in stage.nation.plan if node.short == short)


def _municipality(stage: _Stage, short: str) -> str:
    return next(node.municipality for node in stage.nation.plan if node.short == short)


def _people(stage: _Stage, short: str, where: str, *values: object) -> list[_Person]:
    rows = stage.rows(
        short,
        f"select body::text from register.resident_record where {where} order by addressee_number",
        *values,
    )
    found = []
    for (text,) in rows:
        body = json.loads(str(text))
        name = body["name"]
        birth = body["birth_date"]
        found.append(_Person(
            body["addressee_number"], body["resident_record_code"], name["kanji"], name.get("furigana") or "",
            f"{birth['year']:04d}-{birth['month'] or 0:02d}-{birth['day'] or 0:02d}", body["sex"], body["relationship"],
        ))  # fmt: skip
    return found


def _household_where() -> str:
    return (
        "living and household_number = (select household_number from register.resident_record where living"
        " group by household_number having count(*) = %s"
        " and bool_and(body->>'resident_kind' = 'JAPANESE' and birth not like '%%-00')"
        " order by household_number limit 1)"
    )


def _family(stage: _Stage) -> list[_Person]:
    family = _people(stage, stage.origin, _household_where(), 3)
    if len(family) != 3:
        raise StoryFailed("三人の世帯がありません")
    return family


def _signed_in(stage: _Stage, short: str, login_id: str) -> Visitor:
    visitor = Visitor(stage.nation.terminal(short))
    page = visitor.open("/sign-in")
    form = next((form for form in page.forms if form.action.endswith("/sign-in/demo") or any(
        button[2].endswith("/sign-in/demo") for button in form.buttons)), None)  # fmt: skip
    if form is None:
        raise StoryFailed("デモ認証器のボタンがありません")
    home = visitor.submit(
        Page(page.url.replace("/sign-in", "/sign-in/demo"), 200, "", [], "", []),
        _to(form, "/sign-in/demo"),
        login_id=login_id,
    )
    if home.status != 200 or "ログアウト" not in home.text:
        raise StoryFailed(f"{login_id} がサインインできません: {home.status}")
    return visitor


def _to(form: Form, action: str) -> Form:
    return Form(action, "post", form.values, [])


def _open_resident(visitor: Visitor, person: _Person) -> str:
    """Search as R-070 has it, open the file; give its address."""
    page = visitor.open("/search")
    form = page.form("name", "birth", "purpose", "basis")
    found = visitor.submit(
        page,
        form,
        "step=search",
        name=person.kanji.replace("　", " "),
        birth=person.birth,
        purpose="notice",
        basis="法8条",
    )
    link = next((href for _, href in found.links if href.startswith("/residents/")), None)
    if link is None:
        raise StoryFailed(f"{person.kanji} が見つかりません ({found.status})")
    return link


def _enter(visitor: Visitor, page: Page, **values: str) -> Page:
    """Fill in a notice, look at before and after, enter it."""
    form = next(
        form for form in page.forms if {"step"} <= form.names() or any(b[1] == "check" for b in form.buttons)
    )
    checked = visitor.submit(page, form, "step=check", **values)
    confirm = next((f for f in checked.forms if any(b[1] == "enter" for b in f.buttons)), None)
    if confirm is None:
        raise StoryFailed(f"届出が受け付けられません: {checked.text[:400]}")
    done = visitor.submit(checked, confirm, "step=enter")
    if "/entered/" not in done.url and done.status != 200:
        raise StoryFailed(f"届出を記録できません: {done.status}")
    return done


def _verify(stage: _Stage, short: str) -> None:
    """A second person compares the newest entry with the paper and lets it stand."""
    visitor = _signed_in(stage, short, "SHINSA-01")
    page = visitor.open("/verify")
    links = [href for _, href in page.links if href.startswith("/verify/")]
    if not links:
        raise StoryFailed("審査待ちの異動がありません")
    entry = visitor.open(links[-1])
    form = next(f for f in entry.forms if any(b[1] == "verify" for b in f.buttons))
    done = visitor.submit(entry, form, "step=verify")
    if done.status != 200:
        raise StoryFailed(f"審査できません: {done.status} {done.text[:300]}")


def _leave(stage: _Stage, family: list[_Person]) -> None:
    visitor = _signed_in(stage, stage.origin, "MADO-01")
    link = _open_resident(visitor, family[0])
    page = visitor.open(link + "/move-out")
    who = {f"who-{person.addressee}": "yes" for person in family}
    town = _title(stage, stage.destination).split(" ")[0]
    _enter(
        visitor, page, **who, scheduled_on=(stage.today - timedelta(days=1)).isoformat(),
        notified_on=(stage.today - timedelta(days=5)).isoformat(), destination=f"東京都{town}丸の内1丁目1番1号",
        destination_municipality=_municipality(stage, stage.destination), **_AT_COUNTER,
    )  # fmt: skip
    name = _title(stage, stage.origin)
    stage.told.tell(name, f"窓口一郎が{family[0].kanji}さん一家{len(family)}人の転出届を入力（法24条）")
    _verify(stage, stage.origin)
    stage.told.tell(name, "審査花子が届書と照合して確定（入力者とは別の人）")


def _arrive(stage: _Stage, family: list[_Person]) -> None:
    visitor = _signed_in(stage, stage.destination, "MADO-01")
    page = visitor.open("/move-in")
    for _ in family[1:]:
        page = visitor.submit(page, page.form("people"), "step=add")
    values: dict[str, str] = {}
    for place, person in enumerate(family, 1):
        values |= {
            f"p{place}-kanji": person.kanji, f"p{place}-furigana": person.furigana, f"p{place}-birth": person.birth,
            f"p{place}-sex": person.sex, f"p{place}-relationship": person.relationship, f"p{place}-code": person.code,
            f"p{place}-kind": "JAPANESE", f"p{place}-domicile": "北海道函館市東雲町4番", f"p{place}-head": family[0].kanji,
        }  # fmt: skip
    origin = _title(stage, stage.origin).split(" ")[0]
    place_name = f"北海道{origin}" if stage.origin.startswith("registry-m01") else f"東京都{origin}"
    _enter(
        visitor, page, **values, town="丸の内", block="1丁目1番1号", postal="1000005", building="",
        moved_on=(stage.today - timedelta(days=1)).isoformat(), notified_on=stage.today.isoformat(),
        previous_address=f"{place_name}東雲町4番13号", previous_municipality=_municipality(stage, stage.origin), **_AT_COUNTER,
    )  # fmt: skip
    name = _title(stage, stage.destination)
    stage.told.tell(name, "窓口一郎が転出証明書を見て転入届を入力（法22条、14日以内）")
    _verify(stage, stage.destination)
    stage.told.tell(name, "審査花子が確定。CSへ本人確認情報を送信")


def _follow(stage: _Stage, family: list[_Person]) -> None:
    """Every server has done its part when the former town has struck the family."""
    codes = [person.code for person in family]
    town = next(node for node in stage.nation.plan if node.short == stage.destination)

    def holder(short: str) -> Callable[[], bool]:
        query = (
            "select count(*) from identity.record"
            " where resident_record_code = any(%s) and municipality_code = %s and record_state = 'living'"
        )
        return lambda: stage.rows(short, query, codes, town.municipality)[0][0] == len(codes)

    cs = stage.destination.replace("registry", "cs")
    for short, line in (
        (cs, "書式と論理を検査して保存、都道府県へ通知（法30条の6）"),
        (f"prefecture-p{town.prefecture}", "知事が受けて保存、機構へ通知（法30条の7）"),
        ("national", "機構が保存。現住所は移動先に"),
    ):
        stage.wait(line, holder(short))
        stage.told.tell(_title(stage, short), line)
    origin_cs = stage.origin.replace("registry", "cs")
    stage.told.tell(_title(stage, origin_cs), "転入通知（法9条1項）を受けて既存住基へ")
    struck = "select count(*) from register.resident where code = any(%s) and not living"
    stage.wait("前住所地の消除", lambda: stage.rows(stage.origin, struck, codes)[0][0] == len(codes))
    stage.told.tell(_title(stage, stage.origin), f"{len(codes)}人の住民票を消除（除票は残る）")
    await_quiet(stage.nation)


def _head_of_household(stage: _Stage) -> _Person:
    newest = "living and householder and body->>'resident_kind' = 'JAPANESE' and birth not like '%%-00'"
    return _people(stage, stage.destination, newest)[-1]


def _birth(stage: _Stage, head: _Person) -> str:
    visitor = _signed_in(stage, stage.destination, "MADO-01")
    link = _open_resident(visitor, head)
    page = visitor.open(link + "/birth")
    surname = head.kanji.split("　")[0]
    reading = head.furigana.split("　")[0]
    before = stage.rows(stage.destination, "select max(addressee_number) from register.resident")[0][0]
    values = {
        "p1-kanji": f"{surname}　結", "p1-furigana": f"{reading}　ユイ",
        "p1-birth": (stage.today - timedelta(days=3)).isoformat(),
        "p1-sex": "FEMALE", "p1-relationship": "子", "p1-kind": "JAPANESE", "p1-domicile": "東京都千代田区千代田1番",
        "p1-head": head.kanji, "notified_on": stage.today.isoformat(),
    }  # fmt: skip
    _enter(visitor, page, **values)
    name = _title(stage, stage.destination)
    stage.told.tell(name, f"出生届により職権で{surname}結さんを記載、住民票コードを付番（法8条・30条の3）")
    _verify(stage, stage.destination)
    row = stage.rows(
        stage.destination, "select code from register.resident where addressee_number > %s", before
    )
    if not row:
        raise StoryFailed("出生による住民票がありません")
    code = str(row[0][0])
    stage.wait(
        "個人番号の生成",
        lambda: bool(
            stage.rows(
                "national", "select 1 from numbers.individual_number where resident_record_code = %s", code
            )
        ),
    )
    stage.told.tell(_title(stage, "national"), "住民票コードから個人番号とすべき番号を生成（番号法8条2項）")
    prefecture = "prefecture-p" + next(
        node.prefecture for node in stage.nation.plan if node.short == stage.destination
    )
    number = "select 1 from numbers.individual_number where resident_record_code = %s"
    stage.wait(
        "個人番号の通知",
        lambda: (
            bool(stage.rows(stage.destination, number, code)) and bool(stage.rows(prefecture, number, code))
        ),
    )
    stage.told.tell(name, "個人番号を記載し、番号入りの本人確認情報を再び上へ")
    return code


def _passport(stage: _Stage, head: _Person) -> None:
    prefecture = "prefecture-p" + next(
        node.prefecture for node in stage.nation.plan if node.short == stage.destination
    )
    visitor = _signed_in(stage, prefecture, "RYOKEN-01")
    page = visitor.open("/search")
    form = page.form("name", "birth", "purpose", "basis")
    refused = visitor.submit(
        page, form, "step=search", name=head.kanji, purpose="旅券の発給の審査", basis="5/6"
    )
    if refused.status != 422:
        raise StoryFailed("氏名だけの検索が拒否されません")
    found = visitor.submit(
        page, form, "step=search", name=head.kanji, birth=head.birth, purpose="旅券の発給の審査", basis="5/6"
    )
    if not any(href.startswith("/people/") for _, href in found.links) or head.code in found.html:
        raise StoryFailed(f"旅券窓口の検索が予期しない結果です: {found.status} {found.text[:200]}")
    name = _title(stage, prefecture)
    stage.told.tell(name, "旅券窓口: 氏名だけの検索は拒否、氏名と生年月日で照会（法30条の15、別表第五の6）")


def _agency(stage: _Stage, head: _Person) -> None:
    short = next(node.short for node in stage.nation.plan if node.kind is NodeKind.AGENCY)
    foundation = found_node(read_config(stage.nation.places.node(short) / "node.toml"), own_signer=False)
    try:

        def ask(terms: SearchTermsText) -> LookUpAnswer:
            request = LookUpRequest(
                foundation.node.clock.new_id(), terms, "1/97", "建設業の許可の審査", "KENSETSU-01", "SHINSA", "tanmatsu-1",
                stage.today.isoformat(),
            )  # fmt: skip
            return ask_nation(foundation.node, request)

        refused = ask(SearchTermsText(resident_record_code=head.code))
        if refused.refused is None:
            raise StoryFailed("行政機関に住民票コードでの照会が許されました")
        answer = ask(SearchTermsText(name=head.kanji, birth_date=head.birth))
    finally:
        foundation.close()
    if answer.refused is not None or not answer.rows or "resident_record_code" in answer.rows[0].fields:
        raise StoryFailed(f"行政機関への提供が予期しない結果です: {answer.refused}")
    name = _title(stage, short)
    stage.told.tell(name, f"住民票コードでの照会は拒否（{refused.refused.act}{refused.refused.number}）")
    stage.told.tell(
        name, "建設業の許可のため氏名と生年月日で照会し、4情報と異動情報を受領（法30条の9、別表第一の97）"
    )


def _seen(stage: _Stage, head: _Person, child: str) -> None:
    visitor = _signed_in(stage, stage.destination, "MADO-01")
    link = _open_resident(visitor, head)
    if visitor.open(link).status != 200:
        raise StoryFailed("住民の画面が開きません")
    query = "select count(*) from ledger.line where subject = %s and event like %s"
    national = stage.rows("national", query, head.code, "provision:%")[0][0]
    if not national:
        raise StoryFailed("全国サーバの台帳に提供の記録がありません")
    born = stage.rows("national", query, child, "number:%")[0][0]
    if born != 1:
        raise StoryFailed("番号の生成の記録がありません")
    stage.told.tell(
        _title(stage, "national"), f"提供の記録 {national} 件が台帳にあり、本人に開示できます（法30条の32）"
    )
