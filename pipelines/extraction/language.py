"""Which language a text is in: what the page says, checked against the letters; short texts included."""

import re

import py3langid

_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_LATIN = re.compile(r"[a-zA-Z\u00c0-\u024f]+")
_UKRAINIAN = re.compile(r"[іїєґ]")
_RUSSIAN = re.compile(r"[ыэъё]")
_UKRAINIAN_FORMS = re.compile(r"ськ|цьк|нн[яю]\b|ува[влт]|ють\b|ить\b|\b(?:та|й|з|із|зі|від|як|що|щодо|проти)\b")
_RUSSIAN_FORMS = re.compile(
    r"ск[аиоу]|ени[еяю]|ова[влт]|ют\b|ит\b|ост[ьи]\b|ого\b|ая\b|\b(?:и|с|со|от|из|как|что|о|об|против)\b"
)
"""Endings and small words that one of the two languages has, for texts whose letters both have."""
_CYRILLIC_LANGUAGES = frozenset(["uk", "ru", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"])
_LOOKED_AT = 1500


def language_of(text: str, stated: tuple[str | None, ...], allowed: tuple[str, ...] = ()) -> str | None:
    """The ISO 639-1 code of a text's language, among `allowed` where the outlet's languages are known.

    Statements are believed in order, where the letters do not contradict them.
    """
    sample = text[:_LOOKED_AT].lower()
    cyrillic, latin = (sum(map(len, letters.findall(sample))) for letters in (_CYRILLIC, _LATIN))
    said = [code for code in (_code(s) for s in stated) if code]
    if cyrillic > latin:
        ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
        if ukrainian == russian:
            ukrainian, russian = len(_UKRAINIAN_FORMS.findall(sample)), len(_RUSSIAN_FORMS.findall(sample))
        likely = "uk" if ukrainian > russian else "ru" if russian > ukrainian else None
        others = [c for c in said if c in _CYRILLIC_LANGUAGES and c not in ("uk", "ru")]
        if likely and not others and (not allowed or likely in allowed):
            return likely
        said = [c for c in said if c in _CYRILLIC_LANGUAGES]
    elif latin > cyrillic:
        said = [c for c in said if c not in _CYRILLIC_LANGUAGES]
        latin_allowed = [c for c in allowed if c not in _CYRILLIC_LANGUAGES]
        if len(latin_allowed) == 1:
            return latin_allowed[0]
    for code in said:
        if not allowed or code in allowed:
            return code
    if cyrillic + latin < 20:
        return said[0] if said else None
    ranked = [code for code, _ in py3langid.rank(sample)] if allowed else [py3langid.classify(sample)[0]]
    return next((code for code in map(_code, map(str, ranked)) if not allowed or code in allowed), None)


def _code(stated: str | None) -> str | None:
    """`uk` of `uk-UA`, `en` of `en_US`; `ua`, as Ukrainian sites write it, is `uk`."""
    code = re.split(r"[-_]", (stated or "").strip().lower())[0]
    code = {"ua": "uk", "eng": "en", "rus": "ru", "ukr": "uk"}.get(code, code)
    return code if re.fullmatch(r"[a-z]{2}", code) and code != "xx" else None
