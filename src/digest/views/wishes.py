"""How readers choose language and frequency: they answer a mail with one of the words that its footer names.

The footer prints the words of its own language; an answer may use those of any language of the newsletter.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from digest import i18n
from digest.i18n import Words
from digest.models.message import N_

MONTHLY, EVERY = N_("once a month"), N_("every issue")
_FREQUENCIES = ((MONTHLY, "monthly"), (EVERY, "every"))
_PARENTHESIS = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"[,;.!·&/+\"“”]|\b(?:and|e|et|y)\b")
_AROUND = re.compile(r"^(?:just|only|so|somente|in|em)\s+|\s+(?:please|por favor|only|obrigad[ao]|thanks|thank you)$")
_POLITE = frozenset({"please", "por favor", "obrigada", "obrigado", "thanks", "thank you", "hi", "hello", "oi", "ola"})
_LONGEST = 80


def choices(words: Words, locales: Sequence[str]) -> tuple[str, ...]:
    """Return the words that a reader of one locale can answer with."""
    return (*languages(words, locales), *(words.gettext(message) for message, _ in _FREQUENCIES))


def languages(words: Words, locales: Sequence[str]) -> tuple[str, ...]:
    """Return the other languages of the newsletter, as a reader of one locale calls them."""
    others = dict.fromkeys(_language(locale) for locale in locales if _language(locale) != _language(words.locale))
    return tuple(words.language_name(one) for one in others)


def wishes_in(text: str, locales: Sequence[str]) -> dict[str, str]:
    """Return the preferences that an answer names, by the names of `Subscriber`.

    Its first line has to say them and nothing else: a letter that merely speaks of a language changes nothing.
    """
    line = next((line for line in text.splitlines() if line.strip()), "")
    known, found = dict(_meanings(locales)), dict[str, str]()
    if len(line) > _LONGEST:
        return {}
    for part in _BETWEEN.split(_plain(line)):
        said = _AROUND.sub("", _AROUND.sub("", part.strip())).strip()
        if not said or said in _POLITE:
            continue
        name, value = known.get(said, ("", ""))
        if not name or found.get(name, value) != value:
            return {}
        found[name] = value
    return found


def _meanings(locales: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    spoken: Mapping[str, Words] = {locale: i18n.words(locale) for locale in locales}
    for words in spoken.values():
        for locale in reversed(locales):
            for tag in (locale, _language(locale)):
                yield _plain(words.language_name(tag)), ("locale", locale)
        for message, value in _FREQUENCIES:
            yield _plain(words.gettext(message)), ("frequency", value)


def _language(locale: str) -> str:
    return i18n.language_tag(locale).partition("-")[0]


def _plain(text: str) -> str:
    """Small letters without accents: who answers on a phone leaves them out."""
    apart = unicodedata.normalize("NFKD", _PARENTHESIS.sub(" ", text).casefold())
    return " ".join("".join(char for char in apart if not unicodedata.combining(char)).split())
