"""Paper as others read it: Debian's poppler."""

import re
import subprocess
from dataclasses import dataclass


def text_of(pdf: bytes, page: int | None = None) -> str:
    """Give what a reader copies out of a paper, without spaces and line ends."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    told = subprocess.run(["pdftotext", "-raw", *pages, "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(told.stdout.decode().split())


def lines_of(pdf: bytes) -> list[str]:
    """Give the lines as they are broken on the paper."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return told.stdout.decode().splitlines()


def pages_of(pdf: bytes) -> int:
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:")))


@dataclass(frozen=True)
class Picture:
    """A page as a printer gets it, one byte a dot."""

    width: int
    height: int
    dots: bytes


def picture_of(pdf: bytes, dots_per_inch: int = 100, page: int = 1) -> Picture:
    command = ["pdftoppm", "-gray", "-r", str(dots_per_inch), "-f", str(page), "-l", str(page), "-"]
    drawn = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    kind, size, _, dots = drawn.split(b"\n", 3)
    assert kind == b"P5"
    width, height = size.split()
    return Picture(int(width), int(height), dots)


def lowest_point_of(pdf: bytes) -> float:
    """Tell how far down the lowest word of all pages reaches, in parts of the page's height."""
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    height = float(re.search(rb'<page width="[\d.]+" height="([\d.]+)"', told).group(1))
    return max(float(found) for found in re.findall(rb'yMax="([\d.]+)"', told)) / height
