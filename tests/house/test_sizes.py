"""Sizes are a smell to look at: printed always, failing at 80 lines a function and 600 a module."""

import statistics

FUNCTION_LINES_MAX, MODULE_LINES_MAX, ROOM_MODULES_MAX = 80, 600, 30


def _p90(sizes: list[int]) -> int:
    return round(statistics.quantiles(sizes, n=10)[-1])


def test_functions_and_modules_stay_small(house, capsys) -> None:
    functions = {
        f"{module.where}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in house.modules
        for node in module.functions()
    }
    modules = {module.where: module.text.count("\n") for module in house.modules}
    with capsys.disabled():
        for name, sizes in (("functions", functions), ("modules", modules)):
            values = list(sizes.values())
            print(
                f"\n{len(values)} {name}: median {statistics.median(values):.0f} lines,"
                f" p90 {_p90(values)}, longest {max(values)} ({max(sizes, key=lambda key: sizes[key])})"
            )
    assert {name: size for name, size in functions.items() if size > FUNCTION_LINES_MAX} == {}
    assert {name: size for name, size in modules.items() if size > MODULE_LINES_MAX} == {}


def test_rooms_are_not_halls(house) -> None:
    """Whoever looks for a module looks in one folder: an inner room is counted for itself."""
    rooms: dict[str, int] = {}
    for module in house.modules:
        if not module.is_package and module.floor in ("rules", "nodes", "faces"):
            room = module.where.rpartition("/")[0]
            rooms[room] = rooms.get(room, 0) + 1
    assert {room: count for room, count in rooms.items() if count > ROOM_MODULES_MAX} == {}
