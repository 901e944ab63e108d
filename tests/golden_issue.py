"""One invented issue with every kind of item that a mail can hold, in both languages; what the golden files show."""

from dataclasses import replace
from datetime import UTC, datetime

from digest.models.article import Citation
from digest.models.issue import Issue, Note, Reason, Section, Sentence, Story
from digest.models.segment import Segment
from fakes_render import ISSUE, NEWSLETTER, OTHER_STUDY, POST, STUDY, TRANSLATIONS, sources

GOLDEN_NEWSLETTER = replace(
    NEWSLETTER, archive="https://letters.example.org/{issue}/{locale}.html", audiences=("brazil", "expat")
)
NOTES = (
    Note(
        audience="everyone",
        language="en",
        sentences=("November is grey here, and I have been thinking about phone calls.", "Thank you for your letters."),
    ),
    Note(audience="brazil", language="pt-BR", sentences=("No dia 3 de dezembro converso com vocês ao vivo, às 19h.",)),
)

PORTUGUESE_POST = Story(
    key="bonds-40",
    kind="post",
    section="posts",
    article_id="bonds-40",
    url="https://blog.example.org/pt/morar-longe",
    language="pt-BR",
    title="Morar longe sem perder o chão",
    authors=("Ana Example",),
    published=datetime(2026, 11, 12, 7, 0, tzinfo=UTC),
    citations=(Citation(text="", authors="Maria Exemplo", title="Moving Abroad and Keeping Close Ties", year=2021),),
    sections=(
        Section(
            heading="studies",
            sentences=(Sentence(text="O estudo acompanhou 312 famílias que mudaram de país.", anchors=(2,)),),
        ),
        Section(
            heading="implications",
            sentences=(Sentence(text="Manter um ritual semanal com quem ficou pode ajudar.", anchors=(5,)),),
        ),
        Section(
            heading="limitations",
            sentences=(Sentence(text="Quase todas as famílias tinham boa renda.", anchors=(8,)),),
        ),
    ),
)

SHORT_POST = replace(
    PORTUGUESE_POST,
    key="bonds-38",
    article_id="bonds-38",
    url="https://blog.example.org/three-questions",
    language="en",
    title="Three questions readers asked about shyness",
    published=datetime(2026, 11, 10, 9, 0, tzinfo=UTC),
    citations=(),
    sections=(),
    tier="also",
)

FULL_STUDY = replace(
    STUDY,
    titles=(("pt", "Apego e solidão em adultos: um estudo de coorte"),),
    references=(
        ("en", "Silva, M., & Example, J. (2026). Attachment and loneliness in adults. Journal of Examples, 7(2), 1–9."),
    ),
    free_url="https://journal.example.net/7/free",
    label=(
        Reason(message="Study design: not stated in the record"),
        Reason(
            message="Took part: %(number)s people (“%(quote)s”)",
            values=(("number", "1204"), ("quote", "we asked 1,204 adults in the city")),
        ),
        Reason(message="Published in %(journal)s", values=(("journal", "Journal of Examples"),)),
        Reason(message="Read from the feed record only"),
    ),
    sections=(
        Section(
            heading="studies",
            sentences=(Sentence(text="Researchers asked 1,204 adults about their bonds, three times in six years."),),
        ),
        Section(
            heading="implications",
            sentences=(
                Sentence(text="It may be worth asking how connected people feel, and not only whom they know."),
            ),
        ),
        Section(
            heading="limitations",
            sentences=(Sentence(text="Everyone lived in one city, and a third left before the end."),),
        ),
        Section(
            heading="words",
            sentences=(Sentence(text="This is one of the few studies that follow people for years."),),
        ),
    ),
)

HEBREW_STUDY = replace(
    STUDY,
    key="doi-10-5555-example-2026-9",
    article_id="doi-10-5555-example-2026-9",
    title="בדידות וקשרים קרובים",
    language="he",
    authors=("כהן א", "Example J"),
    doi="10.5555/example.2026.9",
    citations=(),
    label=(),
    sections=(),
    tier="also",
)

GOLDEN_ISSUE = Issue(
    issue_id=ISSUE.issue_id,
    newsletter_id=ISSUE.newsletter_id,
    due=ISSUE.due,
    notes=NOTES,
    stories=(POST, PORTUGUESE_POST, SHORT_POST, FULL_STUDY, OTHER_STUDY, HEBREW_STUDY),
)

INTO_PORTUGUESE = TRANSLATIONS | {
    "note.everyone/words/1": "Novembro é cinzento por aqui, e tenho pensado em telefonemas.",
    "note.everyone/words/2": "Obrigada pelas cartas de vocês.",
    "bonds-38/title": "Três perguntas de quem lê sobre timidez",
    "doi-10-5555-example-2026-7/studies/1": "Pesquisadores perguntaram a 1.204 adultos sobre seus vínculos, três vezes em seis anos.",
    "doi-10-5555-example-2026-7/implications/1": "Talvez valha perguntar o quanto as pessoas se sentem ligadas, e não só quem elas conhecem.",
    "doi-10-5555-example-2026-7/limitations/1": "Todos moravam na mesma cidade, e um terço saiu antes do fim.",
}
INTO_ENGLISH = {
    "note.brazil/words/1": "On December 3 I will talk with you live, at 7 pm.",
    "bonds-40/title": "Living far away without losing your ground",
    "bonds-40/studies/1": "The study followed 312 families who moved to another country.",
    "bonds-40/implications/1": "Keeping a weekly ritual with those who stayed may help.",
    "bonds-40/limitations/1": "Almost all the families had a good income.",
}


def _segments(translations: dict[str, str]) -> tuple[Segment, ...]:
    return tuple(
        Segment(key=key, source=source, target=translations[key], state="approved", origin="human")
        for key, source in sources(GOLDEN_ISSUE.worded).items()
        if key in translations
    )


GOLDEN_SEGMENTS = {"pt_BR": _segments(INTO_PORTUGUESE), "en": _segments(INTO_ENGLISH)}
