"""Imports go down, never up and never sideways; late imports and those for type checking count."""

import pytest

FLOORS = {
    "rules": (),
    "store": ("rules",),
    "wire": ("rules",),
    "gate": ("rules",),
    "paper": ("rules",),
    "chip": ("rules",),
    "nodes": ("rules", "store", "wire", "gate", "paper", "chip"),
    "faces": ("rules", "store", "wire", "gate", "paper", "chip", "nodes"),
    "world": ("rules", "store", "wire", "gate", "paper", "chip", "nodes"),
    "cli": ("rules", "store", "wire", "gate", "paper", "chip", "nodes", "faces", "world"),
}
# What each room of the ground floor may know of the others.
RULES = {
    "law": (),
    "network": ("law", "people"),
    "people": ("law",),
    "register": ("law", "people"),
    "protection": ("law", "people", "register"),
    "upkeep": ("law", "people", "register", "protection"),
    "certificates": ("law", "people", "register", "protection"),
    "seals": ("law", "people", "register", "protection", "certificates"),
    "programmes": ("law", "people", "register"),
    "inspection": ("law", "people", "register", "protection"),
    "hall": ("law", "people", "register", "protection", "programmes"),
    "retention": ("law",),
    "areas": ("law", "people", "register"),
    "figures": ("law", "people", "register"),
    "handover": ("law", "network", "people", "register", "protection", "identity", "programmes", "retention"),
    "deferral": ("law", "people", "register", "programmes", "certificates"),
    "correspondence": ("law", "people", "register", "protection", "certificates", "upkeep", "areas", "seals"),
    "filings": ("law", "people", "register", "protection", "programmes"),
    "moj_link": ("law", "people", "register"),
    "supplements": ("law", "people", "register", "programmes"),
    "identity": ("law", "people", "register"),
    "provision": ("law", "people", "register", "identity"),
    "destination": ("law", "people", "register", "programmes", "identity", "certificates"),
    "operators": ("law",),
    "cards": ("law", "people"),
    "cards_held": ("law", "people", "register", "programmes"),
    "ledger": ("law",),
    "linkage": ("law", "people", "identity"),
    "duties": ("law", "people", "identity"),
}
ACTORS = {
    "registry", "cs", "number_server", "certificate_server", "prefecture", "national", "intermediary",
    "info_network", "agency", "moj", "kiosk", "auditor",
}  # fmt: skip
# What the outer room may know of an inner one.
INNER_ROOMS = {
    "daicho.nodes.registry.areas": {
        "daicho.nodes.registry.areas.carrying",
        "daicho.nodes.registry.areas.reach",
    },
    "daicho.nodes.registry.cards": {
        "daicho.nodes.registry.cards.holding",
        "daicho.nodes.registry.cards.shown",
    },
    "daicho.nodes.registry.correspondence": {
        "daicho.nodes.registry.correspondence.waiting",
        "daicho.nodes.registry.correspondence.sending",
    },
    "daicho.nodes.registry.filings": {
        "daicho.nodes.registry.filings.closing",
        "daicho.nodes.registry.filings.receiving",
    },
    "daicho.nodes.registry.figures": set(),
    "daicho.nodes.registry.inquiry": set(),
    "daicho.nodes.registry.moj_link": {
        "daicho.nodes.registry.moj_link.closing",
        "daicho.nodes.registry.moj_link.looking",
        "daicho.nodes.registry.moj_link.owing",
        "daicho.nodes.registry.moj_link.telling",
    },
    "daicho.nodes.registry.destination": {"daicho.nodes.registry.destination.telling"},
    "daicho.nodes.registry.hall": {"daicho.nodes.registry.hall.making", "daicho.nodes.registry.hall.outbox"},
    "daicho.nodes.registry.papers": {
        "daicho.nodes.registry.papers.owing",
        "daicho.nodes.registry.papers.posting",
    },
    "daicho.nodes.registry.rebuilt": set(),
    "daicho.nodes.registry.seals": {"daicho.nodes.registry.seals.following"},
    "daicho.nodes.registry.surveys": {"daicho.nodes.registry.surveys.listing"},
    "daicho.nodes.registry.supplements": {
        "daicho.nodes.registry.supplements.differing",
        "daicho.nodes.registry.supplements.receiving",
        "daicho.nodes.registry.supplements.telling",
    },
}
# Rooms that know each other; the list may only become shorter.
KNOWN_CYCLES = {
    "faces/terminal -> faces/citizen -> faces/terminal",
    "nodes/watch -> nodes/mailroom -> nodes/watch",
}
STANDARD_LIBRARY_OF_RULES = {
    "__future__", "abc", "base64", "bisect", "calendar", "collections", "csv", "dataclasses", "datetime", "enum",
    "functools", "hashlib", "hmac", "io", "itertools", "json", "math", "operator", "re", "string", "struct",
    "types", "typing", "unicodedata",
}  # fmt: skip


def test_every_folder_is_a_known_floor(house) -> None:
    assert {module.floor for module in house.modules} <= {"", "__main__", *FLOORS}


def test_imports_between_floors_go_down(house) -> None:
    wrong = []
    for module in house.modules:
        if module.floor not in FLOORS:
            continue
        for one in module.imports:
            parts = one.module.split(".")
            if parts[0] != "daicho" or len(parts) < 2 or parts[1] not in FLOORS:
                continue
            if parts[1] != module.floor and parts[1] not in FLOORS[module.floor]:
                wrong.append(f"{module.where}:{one.line} imports {one.module}")
    assert not wrong, "\n".join(wrong)


def test_rooms_of_rules_keep_their_order(house) -> None:
    wrong = []
    for module in house.on("rules"):
        room = module.name.split(".")[2] if module.name.count(".") >= 2 else ""
        if not room:
            continue
        assert room in RULES, f"{module.where}: a room of rules that the plan does not know"
        for one in module.imports:
            parts = one.module.split(".")
            if (
                parts[:2] == ["daicho", "rules"]
                and len(parts) > 2
                and parts[2] != room
                and parts[2] not in RULES[room]
            ):
                wrong.append(f"{module.where}:{one.line} imports {one.module}")
    assert not wrong, "\n".join(wrong)


def test_rules_import_only_the_allowed_standard_library(house) -> None:
    wrong = [
        f"{module.where}:{one.line} imports {one.module}"
        for module in house.on("rules")
        for one in module.imports
        if one.module.split(".")[0] not in STANDARD_LIBRARY_OF_RULES | {"daicho"}
    ]
    assert not wrong, "\n".join(wrong)


def test_no_actor_imports_another_and_no_shared_room_an_actor(house) -> None:
    wrong = []
    for module in house.on("nodes"):
        own = module.name.split(".")[2] if module.name.count(".") >= 2 else ""
        for one in module.imports:
            parts = one.module.split(".")
            if parts[:2] == ["daicho", "nodes"] and len(parts) > 2 and parts[2] in ACTORS and parts[2] != own:
                wrong.append(f"{module.where}:{one.line} imports {one.module}")
    assert not wrong, "\n".join(wrong)


def test_an_outer_room_knows_of_an_inner_one_only_what_the_plan_says(house) -> None:
    """The inner room rests on the outer one; the way back is one door."""
    wrong = []
    for inner, doors in INNER_ROOMS.items():
        outer = inner.rpartition(".")[0]
        for module in house.modules:
            if not module.name.startswith(f"{outer}.") or module.name.startswith(inner):
                continue
            wrong += [
                f"{module.where}:{one.line} imports {one.module}"
                for one in module.imports
                if one.module.startswith(f"{inner}.")
                and not any(one.module.startswith(door) for door in doors)
            ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("library", "rooms"), [
    ("psycopg", {"store", "world", "cli"}),
    ("psycopg_pool", {"store"}),
    ("starlette", {"faces"}),
    ("uvicorn", {"faces"}),
    ("jinja2", {"faces"}),
    ("click", {"cli"}),
    ("rich", {"cli"}),
    ("urllib3", {"wire", "world", "store"}),  # the store asks Patroni who leads
    ("webauthn", {"gate"}),
    ("pkcs11", {"wire"}),
    ("isal", {"wire"}),
    ("typst", {"paper"}),
    ("pyhanko", {"paper"}),
    ("segno", {"paper"}),
    ("fontTools", {"paper"}),
])  # fmt: skip
def test_a_library_stays_on_its_floor(house, library, rooms) -> None:
    wrong = [
        f"{module.where}:{one.line} imports {one.module}"
        for module in house.modules
        for one in module.imports
        if one.module.split(".")[0] == library and module.floor not in rooms
    ]
    assert not wrong, "\n".join(wrong)


def test_no_new_import_cycle_between_rooms(house) -> None:
    edges: dict[str, set[str]] = {}
    for module in house.modules:
        here = module.room
        for one in module.imports:
            if one.module in house.names and one.module.count(".") >= 2:
                there = "/".join(one.module.split(".")[1:3])
                if there != here:
                    edges.setdefault(here, set()).add(there)
    cycles: set[str] = set()

    def follow(room: str, path: tuple[str, ...]) -> None:
        if room in path:
            cycles.add(" -> ".join((*path[path.index(room):], room)))  # fmt: skip
            return
        if room in done:
            return
        for other in sorted(edges.get(room, ())):
            follow(other, (*path, room))
        done.add(room)

    done: set[str] = set()
    for room in sorted(edges):
        follow(room, ())
    assert cycles <= KNOWN_CYCLES


def test_no_import_cycle_between_modules(house) -> None:
    edges = {
        module.name: {one.module for one in module.imports if one.module in house.names} - {module.name}
        for module in house.modules
    }
    left = dict(edges)
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert sorted(name for name in left if any(name in edges[other] for other in left)) == []
