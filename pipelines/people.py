"""Bylines: words in, people out; agencies and desks are told apart from people."""

import re
from collections.abc import Iterable

_LEAD = re.compile(
    r"^\W*(?:(?:written|reported|posted|published|story|text|words|video|photos?|reporting|analysis|review)\s+by|by|von|"
    r"par|por|di|da|de|door|av|af|автор(?:и|ы|ка)?|текст|підготува(?:в|ла|ли)|подготови(?:л|ла|ли)|author)\b\s*:?\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:,|;|\||/|•|·|\s&\s|\s(?:and|und|et|e|y|og|och|en|та|і|й|и)\s|\swith\s|\n)\s*", re.IGNORECASE
)
_TAIL = re.compile(
    r"\s*(?:\s[-–—|]\s.*|\(.*?\)|@\S+|\S+@\S+\.\S+|\bin\s+[A-Z]\w+.*|\bfor\s+[A-Z].*|"
    r"\b(?:published|posted|updated|опубліковано)\b.*|\d{1,2}[/.:]\d{2}.*)$",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(reuters|associated press|afp|agence france|dpa|interfax|ukrinform|unian|bloomberg|tass|ansa|efe|apa|sda|"
    r"getty|xinhua|pa media|fox news|cnn|nbc|abc news|bbc|news service|news agency|wire\w*|zeitung|nachrichten|news|"
    r"times|herald|"
    r"tribune|gazette|magazine|welle|agentur|agency|ajans\w*|pravda|правда|associated|press association|online|"
    r"media)\b"
    r"|^(ap|upi|pa|cnn|bbc|dpa|red|sid|ots|zeit|spiegel|ntv|n-tv)\b|\.(com|org|net|ua|de|tv|co\.uk)\b|https?:",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"\b(staff|newsroom|editors?|editorial|desk|team|redaktion|redacción|rédaction|redazione|редакц\w*|admin|"
    r"administrator|webmaster|press release|correspondents?|contributors?|контент\w*)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(reporter|journalist|writer|correspondent|editor|columnist|producer|контриб\w*|журналіст\w*|журналист\w*|"
    r"кореспондент\w*|корреспондент\w*|redakteur\w*|chief|senior|bureau|political|special to|multimedia)\b",
    re.IGNORECASE,
)
_SITE_AND_PLACE = re.compile(r"\S+\.[a-z]{2,3},", re.IGNORECASE)
"""`example.de, Frankfurt, Germany`: a site and where it sits."""
_LONGEST_NAME = 60
_MOST_WORDS = 6
_SHORTEST_NAME = 3


def split_byline(byline: str, outlet_name: str | None = None) -> tuple[str, ...]:
    """The people a byline names, in order, each once, as printed; without agencies, desks, roles and dates."""
    people: list[str] = []
    if _SITE_AND_PLACE.match(byline):
        return ()
    for piece in _SPLIT.split(byline):
        name = clean_name(piece)
        if name and is_person(name, outlet_name) and name.casefold() not in {p.casefold() for p in people}:
            people.append(name)
    return tuple(people)


def clean_name(piece: str) -> str:
    """A name without what stands before and after it in a byline."""
    name = " ".join(piece.split())
    for _ in range(2):
        name = _LEAD.sub("", name)
    name = _TAIL.sub("", name).strip(' \u00a0,.;:|-–—•·"“”')
    if name.isupper() and len(name) > 4 and " " in name:
        name = " ".join(_capitalised(word) for word in name.split())
    return name


def _capitalised(word: str) -> str:
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))


def is_person(name: str, outlet_name: str | None = None) -> bool:
    """True where the words can be a person's name: no agency, desk, role, outlet or sentence."""
    words = name.split()
    if (
        not words
        or len(name) > _LONGEST_NAME
        or len(words) > _MOST_WORDS
        or any(c.isdigit() or c in "()[]{}<>=" for c in name)
    ):
        return False
    if outlet_name and name.casefold() == outlet_name.casefold():
        return False
    if not any(w[:1].isupper() for w in words) and name.isascii():
        return len(words) == 1 and len(name) > 2 and not is_organisation(name)
    return not is_organisation(name) and not _ROLE.search(name)


def is_organisation(name: str) -> bool:
    """True for an agency, an outlet or a desk."""
    return bool(_AGENCY.search(name) or _DESK.search(name))


def split_agencies(byline: str, own_names: Iterable[str]) -> tuple[str, ...]:
    """The agencies and outlets that a byline names, in order, each once; not the outlet's own, and no desks."""
    names = [clean_name(piece) for piece in _SPLIT.split(byline)]
    return tuple({n.casefold(): n for n in names if _AGENCY.search(n) and is_foreign(n, own_names)}.values())


def is_foreign(name: str, own_names: Iterable[str]) -> bool:
    """True for the name of an organisation that is neither the outlet itself nor a desk of whoever."""
    letters = _letters(name)
    own = [own for own in map(_letters, own_names) if len(own) >= _SHORTEST_NAME]
    return (
        bool(letters)
        and not letters.isdigit()
        and not _DESK.search(name)
        and not any(letters.startswith(each) or each.startswith(letters) for each in own)
    )


def _letters(name: str) -> str:
    return re.sub(r"\W", "", name.casefold())
