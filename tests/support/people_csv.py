"""Large files of made-up people for the import, the same each time for the same number."""

import csv
import random
from pathlib import Path

FIRST = ("Ana", "Beatriz", "Chloé", "Dana", "Esther", "Farah", "Grace", "Hollis", "Imani", "Jörg", "Kenji", "Lena")
LAST = ("Abramson", "Brandt", "Cole", "Díaz", "Ekström", "Flórez", "Garza", "Hintz", "Iverson", "O'Connell", "Tamura")
HEADER = (
    *(
        "external_id",
        "first_name",
        "last_name",
        "prefix",
        "birth_date",
        "deceased_at",
        "sex",
        "phone",
        "email",
        "address",
    ),
    *("city", "state", "postal_code", "country", "language"),
)


def write_people(path: Path, count: int, seed: int = 1) -> Path:
    """Write `count` people, one in twenty a child, one in fifty dead, every phone and email sound."""
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for number in range(count):
            first, last = dice.choice(FIRST), dice.choice(LAST)
            year = dice.randint(2012, 2024) if number % 20 == 7 else dice.randint(1940, 2005)
            born = f"{year}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            died = "2025-06-01T10:00:00+00:00" if number % 50 == 9 else ""
            phone = f"(503) {220 + number // 10_000}-{number % 10_000:04}"
            email = f"{first}.{last}{number}@example.com".replace("'", "").lower()
            street = f"{dice.randint(1, 9999)} {dice.choice(LAST)} Street"
            rows.writerow(
                [
                    f"old-{number:07}",
                    first,
                    last,
                    "",
                    born,
                    died,
                    "female",
                    phone,
                    email,
                    street,
                    "Portland",
                    "OR",
                    "97209",
                    "US",
                    "en",
                ]
            )
    return path
