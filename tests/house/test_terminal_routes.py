"""Every page of a terminal asks for one right and leaves one event; nothing slips in beside the table."""

import ast
import re

from daicho.faces.desks.pages import all_pages
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import AUTHORITY, Permission

# Paths without a right: the door itself, and the resident's page behind a one-time code.
DOOR = {
    "/sign-in", "/sign-in/ask", "/sign-in/answer", "/sign-in/demo", "/sign-off", "/session", "/session/touch",
    "/authenticator/ask", "/authenticator/answer", "/my-record", "/my-record/open", "/paper",
}  # fmt: skip


def test_every_page_names_one_right_and_one_event() -> None:
    for page in all_pages():
        assert isinstance(page.permission, Permission), page.path
        assert isinstance(page.event, Event), page.path


def test_every_right_that_a_page_asks_for_belongs_to_a_role() -> None:
    given = {permission for permissions in AUTHORITY.values() for permission in permissions}
    assert {page.permission for page in all_pages()} <= given


def test_no_route_stands_beside_the_table(house) -> None:
    app = next(module for module in house.modules if module.name == "daicho.faces.terminal.app")
    beside = {
        node.args[0].value
        for node in ast.walk(app.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id) in ("route", "Route")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert beside <= DOOR, "a page outside the table of pages"


def test_the_published_list_of_events_is_the_closed_list(root) -> None:
    text = (root / "docs" / "protocols" / "events.md").read_text(encoding="utf-8")
    assert {event.value for event in Event if f"`{event.value}`" not in text} == set()


def test_enter_presses_no_decision(root) -> None:
    """Enter in a field presses a form's first submit button: where there are several, that one does nothing, or looks again."""
    harmless = ("{{ f.no_enter() }}", '<button type="submit" name="step" value="check" class="out-of-sight"')
    wrong = []
    for file in sorted((root / "src/daicho/faces/terminal/templates").rglob("*.html")):
        for form in re.findall(r"<form\b.*?</form>", file.read_text("utf-8"), re.DOTALL):
            typed = re.search(r'type="(text|search|date|number)"|\{\{ [fp]\.\w+\(form,', form)
            first = form.find('<button type="submit"')
            if form.count('<button type="submit"') < 2 or not typed:
                continue
            places = [form.find(one) for one in harmless]
            if not any(0 <= place <= first for place in places):
                wrong.append(f"{file.name}: {form[:80]}")
    assert not wrong, "\n".join(wrong)
