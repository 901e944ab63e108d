"""What `digest inspect` says of words: a pair, a summary, a text, a language tag (DESIGN, section 7)."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from digest.errors import EngineError, SettingsError
from digest.i18n import accepted_locale, choose_locale, normal_tag, words
from digest.models.article import HEADINGS, ArticleText, Block
from digest.models.engine import EngineFailure, SummaryRequest
from digest.models.glossary import Glossary
from digest.models.issue import Section, Sentence
from digest.models.segment import Finding, Spans
from digest.ports import Summariser

LOCALES = ("pt_BR", "en")
_PARAGRAPHS = re.compile(r"\n\s*\n|\r\n\s*\r\n")

Asked = Mapping[str, Any]
Inspector = Callable[[Asked], dict[str, Any]]


def inspector(kind: str, glossary: Glossary, *, sentences: int, summariser: Summariser | None = None) -> Inspector:
    """Return what reads one input of a kind and gives the fields that are printed. Each raises SettingsError."""
    if kind == "pair":
        return lambda asked: inspect_pair(asked, glossary)
    if kind == "summary":
        return lambda asked: inspect_summary(asked, sentences, summariser)
    return inspect_text if kind == "text" else inspect_locale


def inspect_pair(asked: Asked, glossary: Glossary) -> dict[str, Any]:
    """Return `findings` of a sentence and its translation."""
    from digest.text.pair_checks import check_pair

    source, target = _text(asked, "source"), _text(asked, "target")
    languages = _text(asked, "source_lang"), _text(asked, "target_lang")
    return {"findings": [_finding(one) for one in check_pair(source, target, *languages, glossary)]}


def inspect_text(asked: Asked) -> dict[str, Any]:
    """Return `language`, `confidence`, `sentences` and how hard a text is to read."""
    from digest.text.language import identify, likely_language
    from digest.text.readability import readability
    from digest.text.sentences import split_sentences

    text = _text(asked, "text")
    language, confidence = identify(text)
    likely = likely_language(text)
    if likely not in {language, "und"}:
        language, confidence = likely, max(confidence, 0.5)
    read = readability(text, language)
    return {
        "language": language,
        "confidence": confidence,
        "sentences": list(split_sentences(text, str(asked.get("lang") or language))),
        "readability": {"score": read.score, "band": read.band, "longest": list(read.longest)} if read else None,
    }


def inspect_locale(asked: Asked) -> dict[str, Any]:
    """Return the `locale` for a BCP 47 tag or an `Accept-Language` header."""
    if "accept_language" in asked:
        return {"locale": accepted_locale(_text(asked, "accept_language"), LOCALES)}
    tag = _text(asked, "tag")
    return {"locale": choose_locale(tag, LOCALES), "tag": normal_tag(tag)}


def inspect_summary(asked: Asked, wanted: int, summariser: Summariser | None = None) -> dict[str, Any]:
    """Return the numbered sentences of an article, its summary (given, drafted or extracted) and the findings.

    Anchors in what is printed count from 0. A summary may be a text, or sections as they are printed; where it names no
    anchors they are found by likeness. Raises SettingsError, and EngineError where the engine gives nothing.
    """
    from digest.text.extract import extract_best, source_sentences
    from digest.text.summary_checks import SummaryRules, anchored_text, check_summary

    article, language = _text(asked, "article"), _text(asked, "lang")
    text = ArticleText(url="", language=language, title="", blocks=_blocks(article))
    source = source_sentences(text)
    given = asked.get("summary")
    drafted: dict[str, Any] = {}
    if given is not None:
        sections = _sections(given, source, language)
    elif summariser is None:
        sections = extract_best(text, wanted)
    else:
        sections, notes = _drafted(text, source, wanted, summariser)
        drafted = {"engine": summariser.name, "notes": list(notes)}
    rules = SummaryRules(anchors_needed=True, anchors_guessed=isinstance(given, str))
    findings = []
    for one in check_summary(source, sections, language, rules):
        sentence = _sentence_at(sections, one.where)
        shown = _finding(one) | {"where": one.where}
        shown["source_spans"] = _placed(anchored_text(source, sentence.anchors), one.source_spans, article)
        if isinstance(given, str):
            shown["target_spans"] = _placed(sentence.text, one.target_spans, given)
        findings.append(shown)
    return {
        "source_sentences": list(source),
        "sections": [
            {
                "heading": section.heading,
                "sentences": [
                    {"text": one.text, "anchors": [anchor - 1 for anchor in one.anchors]} for one in section.sentences
                ],
            }
            for section in sections
        ],
        "findings": findings,
        **drafted,
    }


def _drafted(
    text: ArticleText, source: Sequence[str], wanted: int, summariser: Summariser
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Ask an engine for a summary of at most `wanted` sentences in all. Raises EngineError."""
    request = SummaryRequest(
        where="article",
        text=text,
        sentences=tuple(source),
        headings=HEADINGS,
        sentences_per_heading=-(-wanted // len(HEADINGS)),
        quotable=True,
    )
    [answer] = summariser.summarise([request])
    if isinstance(answer, EngineFailure):
        raise EngineError(f"{answer.reason} {answer.mend}".strip())
    kept = list(answer.sentences)
    while len(kept) > wanted:
        # What goes is the last of the fullest heading, so that a single caveat stays.
        fullest = max(HEADINGS, key=lambda heading: sum(one.heading == heading for one in kept))
        kept.remove(next(one for one in reversed(kept) if one.heading == fullest))
    return tuple(
        Section(heading=heading, sentences=tuple(Sentence(text=one.text, anchors=one.anchors) for one in group))
        for heading in HEADINGS
        if (group := [one for one in kept if one.heading == heading])
    ), answer.notes


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "severity": finding.severity,
        "source_spans": [list(span) for span in finding.source_spans],
        "target_spans": [list(span) for span in finding.target_spans],
        "message": words("en").say(finding),
        "messages": {locale: words(locale).say(finding) for locale in LOCALES},
    }


def _text(asked: Asked, name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str):
        message = f"Give {name!r} as a text."
        raise SettingsError(message)
    return value


def _blocks(article: str) -> tuple[Block, ...]:
    paragraphs = (part.strip() for part in _PARAGRAPHS.split(article))
    return tuple(Block(kind="paragraph", text=paragraph) for paragraph in paragraphs if paragraph)


def _sections(given: object, source: Sequence[str], language: str) -> tuple[Section, ...]:
    """Read a summary: one text, whose headings are taken for what they are, or sections."""
    from digest.text.anchoring import anchors_for
    from digest.text.headings import labels_of
    from digest.text.sentences import split_sentences

    if isinstance(given, list):
        return tuple(_section(item, source) for item in given)
    if not isinstance(given, str):
        message = "Give 'summary' as a text, or as a list of sections."
        raise SettingsError(message)
    blocks = _blocks(given)
    found: dict[str, list[Sentence]] = {}
    for label, block in zip(labels_of(blocks), blocks, strict=True):
        for sentence in split_sentences(block.text, language) if label != "heading" else ():
            heading = label if label in HEADINGS else _heading_of(sentence)
            found.setdefault(heading, []).append(Sentence(text=sentence, anchors=anchors_for(sentence, source)))
    return tuple(Section(heading=heading, sentences=tuple(found[heading])) for heading in HEADINGS if heading in found)


def _heading_of(sentence: str) -> str:
    """A plain text has no headings: a caveat is one, all else is about the studies."""
    from digest.text.cues import states_limitation

    return "limitations" if states_limitation(sentence) else "studies"


def _section(item: object, source: Sequence[str]) -> Section:
    heading = item.get("heading") if isinstance(item, dict) else None
    sentences = item.get("sentences") if isinstance(item, dict) else None
    if heading not in (*HEADINGS, "words") or not isinstance(sentences, list):
        message = "Give each section a 'heading' (studies, implications, limitations, words) and a list of 'sentences'."
        raise SettingsError(message)
    return Section(heading=heading, sentences=tuple(_sentence(one, source) for one in sentences))


def _sentence(item: object, source: Sequence[str]) -> Sentence:
    from digest.text.anchoring import anchors_for

    text = item if isinstance(item, str) else item.get("text") if isinstance(item, dict) else None
    if not isinstance(text, str):
        message = "Give each sentence as a text, or with a 'text' and its 'anchors'."
        raise SettingsError(message)
    anchors = item.get("anchors") if isinstance(item, dict) else None
    if anchors is None:
        return Sentence(text=text, anchors=anchors_for(text, source))
    if not isinstance(anchors, list) or any(type(anchor) is not int for anchor in anchors):
        message = "Give 'anchors' as a list of whole numbers, counted from 0."
        raise SettingsError(message)
    return Sentence(text=text, anchors=tuple(anchor + 1 for anchor in anchors))


def _sentence_at(sections: Sequence[Section], where: str) -> Sentence:
    heading, _, number = where.partition("/")
    for section in sections:
        if section.heading == heading and number:
            return section.sentences[int(number) - 1]
    return Sentence(text="")


def _placed(text: str, spans: Spans, whole: str) -> list[list[int]]:
    """Return spans of a text as spans of the whole it was taken from, word by word; none where it does not stand there."""
    placed = []
    for start, end in spans:
        pattern = r"\s+".join(re.escape(word) for word in text[start:end].split())
        context = r"\s+".join(re.escape(word) for word in text[:start].split()[-4:])
        glue = r"\s*" if text[start - 1 : start].isspace() else ""
        found = re.search(f"{context}{glue}({pattern})", whole) or re.search(f"({pattern})", whole)
        if found and pattern:
            placed.append(list(found.span(1)))
    return placed
