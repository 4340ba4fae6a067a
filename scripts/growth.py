"""Draws docs/growth.svg: how the figures of B1, B2 and B9 change with the number of residents.

It reads what `daicho bench NAME --residents N --keep benchmarks/results` and `daicho bench NAME --keep ...` have left there.
"""

import json
import math
from pathlib import Path

RESULTS, CHART = Path("benchmarks/results"), Path("docs/growth.svg")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 300, 60, 250, 20, 40
SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
LINES = {  # name, what is drawn, colour, whether the figure is a time
    "B1": ("B1 look-ups/s", "#1d5fa8", False),
    "B2": ("B2 moves/s", "#9a3b00", False),
    "B9": ("B9 search, median", "#2b7a3d", True),
}


def measured() -> dict[str, dict[int, float]]:
    """Gather the newest figure for each benchmark and size."""
    found: dict[str, dict[int, float]] = {name: {} for name in LINES}
    results = [json.loads(file.read_text()) for file in sorted(RESULTS.glob("B*.json"))]
    for kept in sorted(results, key=lambda one: str(one["date"])):
        name = kept["name"].split("-")[0]
        if name in found and kept.get("residents") in SIZES:
            found[name][kept["residents"]] = kept.get("median_ms", kept["result"])
    return found


def _x(residents: int) -> float:
    low, high = math.log10(SIZES[0]), math.log10(SIZES[-1])
    return LEFT + (math.log10(residents) - low) / (high - low) * (WIDTH - LEFT - RIGHT)


def _y(times: float) -> float:
    """Place a figure that is so many times the first one, from a quarter to four times."""
    return TOP + (math.log2(4) - math.log2(times)) / 4 * (HEIGHT - TOP - BOTTOM)


def drawn(found: dict[str, dict[int, float]]) -> str:
    """Draw each line against its own first figure: a flat line is a cost that does not grow."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    parts += [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_y(times):.0f}" y2="{_y(times):.0f}" stroke="#ccc"/>'
        f'<text x="{LEFT - 8}" y="{_y(times) + 4:.0f}" text-anchor="end">{times:g}×</text>'
        for times in (0.25, 0.5, 1, 2, 4)
    ]
    parts += [
        f'<text x="{_x(size):.0f}" y="{HEIGHT - 14}" text-anchor="middle">{size:,}</text>' for size in SIZES
    ]
    for name, (title, colour, is_time) in LINES.items():
        figures = sorted(found[name].items())
        if not figures:
            continue
        first = figures[0][1]
        points = [(_x(size), _y(min(4, max(0.25, value / first)))) for size, value in figures]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>' for x, y in points]
        place = TOP + 16 * (1 + list(LINES).index(name))
        better = "less is better" if is_time else "more is better"
        parts.append(f'<text x="{WIDTH - RIGHT + 20}" y="{place}" fill="{colour}">{title} ({better})</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    CHART.write_text(drawn(measured()))
