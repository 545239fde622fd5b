"""Licences of what is installed, against the list of those an Apache-2.0 project can be given away with."""

import json
import re
import subprocess

# Words that stand for a licence on the list, as packages write them.
ALLOWED = re.compile(
    r"""^(
        (the\ )?mit(-cmu|-0|\ no\ attribution)?(\ license)?
      | .*permission\ is\ hereby\ granted,\ free\ of\ charge.*
      | apache(-|\ )?(software\ )?(license)?([\ ,-]*(version\ )?2(\.0)?)? | apache\ license.*2\.0
      | (new\ |modified\ |simplified\ )?bsd([ -][023]-clause)?(\ license)?
      | [023]-clause\ bsd(\ license)? | bsd-[023]-clause | 0bsd
      | isc(\ license)?(\ \(iscl\))? | psf-2\.0 | python\ software\ foundation\ license
      | python-2\.0 | zlib | hpnd | unicode-3\.0
      | the\ unlicense(\ \(unlicense\))? | unlicense | cc0-1\.0 | dfsg\ approved | ofl-1\.1
      | mpl-2\.0 | mozilla\ public\ license\ 2\.0(\ \(mpl\ 2\.0\))?   # by file: nothing of it is changed here
      | blueoak-1\.0\.0
    )$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

# One by one, each with its reason.
REASONED = {
    "psycopg": "LGPL-3.0: used as a library, unchanged and replaceable",
    "psycopg-binary": "LGPL-3.0: as psycopg",
    "pyphen": "LGPL-2.1 or MPL-1.1 at our choice: used as a library by WeasyPrint, unchanged",
    "pypdfium2": "BSD-3-Clause and Apache-2.0, with a note that its dependencies have theirs",
    "text-unidecode": "Artistic License at our choice",
    "axe-playwright-python": "MIT in its repository, left out of its metadata; tests only",
}


def problems() -> list[str]:
    """A line for every installed package whose licence is not on the list and has no reason."""
    listed = subprocess.run(
        ["pip-licenses", "--format=json", "--from=mixed", "--with-system"], capture_output=True, text=True, check=True
    )
    return [
        f"{package['Name']} {package['Version']}: {package['License'][:120]}"
        for package in json.loads(listed.stdout)
        if package["Name"].lower() not in REASONED and not fits(package["License"])
    ]


def fits(licence: str) -> bool:
    """Whether a licence expression is on the list: every part joined by AND, one part joined by OR."""
    if ALLOWED.match(licence.strip()):
        return True
    return all(
        any(ALLOWED.match(choice.strip(" ()")) for choice in re.split(r"\s+or\s+", part, flags=re.IGNORECASE))
        for part in re.split(r"\s+and\s+|;|,", licence, flags=re.IGNORECASE)
    )
