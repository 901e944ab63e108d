"""The templates of the author's pages: everything escaped, every message in her language."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from digest.i18n import Said, direction, fill, language_tag

if TYPE_CHECKING:
    from jinja2 import Environment


class Words(Protocol):
    """The words of the page around the mail; `digest.i18n.Words` has them."""

    @property
    def lang(self) -> str:
        """BCP 47 tag."""
        ...

    def gettext(self, message: str) -> str:
        """Return a message in this language."""
        ...

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the form for a number."""
        ...

    def date(self, day: date) -> str:
        """Return a date in this language."""
        ...


def author_environment(templates_dir: Path, words: Words) -> "Environment":
    """Return the environment of one language; an unknown name in a template is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from digest.template_cache import compiled_templates

    environment = Environment(
        loader=FileSystemLoader(templates_dir),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=compiled_templates("pages"),
    )
    # The extension adds this method to the environment, where no type checker sees it.
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        date=words.date,
        dir=direction,
        tongue=lambda locale: _language_name(locale, words.lang, capital=False),
        language_name=lambda locale: _language_name(locale, words.lang),
        kilobytes=lambda html: -(-len(html.encode("utf-8", "replace")) // 1024),
        lang=language_tag,
        moment=lambda moment, zone: _moment(moment, zone, words.lang),
        say=lambda said: _say(said, words),
        number=lambda number: _number(number, words.lang),
        amount=lambda amount: _number(amount, words.lang, "#,##0.00"),
        percent=lambda share: _number(share, words.lang, "0.0%"),
        web_link=_web_link,
        translations_of=_translation_locales,
    )
    return environment


def _moment(moment: datetime, zone: str, lang: str) -> str:
    """Return a moment as a clock on her wall shows it: `quinta-feira, 26 de novembro de 2026 08:00`."""
    from babel.core import Locale
    from babel.dates import format_date, format_time, get_timezone

    locale, local = Locale.parse(lang, sep="-"), moment.astimezone(get_timezone(zone))
    return f"{format_date(local, 'full', locale=locale)}, {format_time(local, 'short', locale=locale)}"


def _say(said: Said, words: Words) -> str:
    """Return a reason or finding in this language; the name of a heading in it is a message id itself."""
    values = {name: words.gettext(value) if name == "heading" else value for name, value in said.values}
    return fill(words.gettext(said.message), values)


def _number(number: float, lang: str, pattern: str = "#,##0") -> str:
    """Return a number as one language writes it: `1.234,50`."""
    from babel.core import Locale
    from babel.numbers import format_decimal

    return format_decimal(number, format=pattern, locale=Locale.parse(lang, sep="-"))


def _web_link(url: str) -> str:
    """Return a link that leads to a web page, else an empty string: a feed may say `javascript:`."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


def _language_name(locale: str, lang: str, *, capital: bool = True) -> str:
    """Return what a language is called in another; within a sentence Portuguese writes it small."""
    from babel.core import Locale, UnknownLocaleError

    try:
        name = Locale.parse(locale).get_display_name(Locale.parse(lang, sep="-"))
    except (UnknownLocaleError, ValueError):
        return locale
    if not name:
        return locale
    return name[:1].upper() + name[1:] if capital else name


def _translation_locales(sentences: Iterable[Any]) -> tuple[str, ...]:
    """Return the locales that sentences are translated into, each once, in the order of their appearance."""
    return tuple(dict.fromkeys(one.locale for sentence in sentences for one in sentence.translations))
