"""A small invented issue, in every shape that a mail can have, and the newsletter it belongs to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from digest.adapters.rendering.editions import TemplateEditionWriter
from digest.adapters.rendering.mjml import MrmlCompiler
from digest.models.article import Citation, Image, Picture
from digest.models.edition import PERSONAL_LINK, RenderedEdition
from digest.models.edition_view import EditionView
from digest.models.issue import Issue, Reason, Section, Sentence, Story
from digest.models.newsletter import Legal, Newsletter, Schedule
from digest.models.segment import Segment
from digest.resources import resource_dir

NEWSLETTER = Newsletter(
    newsletter_id="bonds",
    titles=(("en", "Bonds"), ("pt_BR", "Laços")),
    author="Ana Example",
    site="https://blog.example.org/",
    locales=("pt_BR", "en"),
    audiences=(),
    schedule=Schedule(
        every="week", day="thursday", time=time(8), timezone="Europe/Luxembourg", window=timedelta(hours=12)
    ),
    approvers=("ana@example.org",),
    legal=Legal(
        name="Ana Example", address="1 Example Street, L-1000 Luxembourg", notice_url="https://blog.example.org/legal"
    ),
    sender="Ana Example <letters@example.org>",
)

POST = Story(
    key="bonds-41",
    kind="post",
    section="posts",
    article_id="bonds-41",
    url="https://blog.example.org/close-ties?a=1&b=2",
    language="en",
    title='Close ties & "long" lives: what the research suggests',
    authors=("Ana Example",),
    published=datetime(2026, 11, 19, 23, 30, tzinfo=UTC),
    categories=("Loneliness", "Health"),
    image=Image(
        url="https://blog.example.org/img/waves.png",
        alt="Abstract picture of three waves in blue and sand",
        credit="Image: Ana Example, own work",
        seen=Picture(state="fine", width=1200, height=630, size=48_000),
    ),
    copyright="© 2026 Ana Example",
    comments_url="https://blog.example.org/close-ties#comments",
    citations=(
        Citation(
            text="Dr. Jane Example and her colleagues: Social Ties and the Risk of Death: A Review (2010)",
            authors="Dr. Jane Example and her colleagues",
            title="Social Ties and the Risk of Death: A Review",
            year=2010,
            doi="10.5555/example.2010.1",
        ),
        Citation(text="", authors="João Exemplo", title="Loneliness in Later Life", year=2015),
    ),
    sections=(
        Section(
            heading="studies",
            sentences=(
                Sentence(text="The first publication brings together 148 earlier studies.", anchors=(3,)),
                Sentence(text="People with stronger ties were more likely to be alive at the end.", anchors=(4,)),
            ),
        ),
        Section(
            heading="implications",
            sentences=(Sentence(text="A phone call to a friend may matter more than it seems.", anchors=(7,)),),
        ),
        Section(
            heading="limitations",
            sentences=(
                Sentence(text="Most of these studies can't show what causes what: they only observe.", anchors=(9,)),
            ),
        ),
    ),
)

STUDY = Story(
    key="doi-10-5555-example-2026-7",
    kind="study",
    section="research",
    article_id="doi-10-5555-example-2026-7",
    url="https://journal.example.net/7",
    language="en",
    title="Attachment and Loneliness in Adults: A Cohort Study",
    authors=("Silva M", "Example J", "Muster P", "Dupont L"),
    published=datetime(2026, 10, 2, tzinfo=UTC),
    journal="Journal of Examples",
    doi="10.5555/example.2026.7",
    citations=(Citation(text="", authors="Silva M", title="Attachment", year=2026, doi="10.5555/example.2026.7"),),
    label=(
        Reason(message="Study design: not stated in the record"),
        Reason(message="Published in %(journal)s", values=(("journal", "Journal of Examples"),)),
        Reason(message="Read from the feed record only"),
    ),
    sections=(
        Section(
            heading="words",
            sentences=(Sentence(text="This is one of the few studies that follow people for years."),),
        ),
    ),
)

OTHER_STUDY = replace(
    STUDY,
    key="doi-10-5555-example-2026-8",
    article_id="doi-10-5555-example-2026-8",
    title="Solidão e vínculos: um estudo transversal",
    language="pt",
    authors=("Souza A", "Lima B"),
    journal="Revista de Exemplos",
    doi=None,
    url="https://journal.example.net/8",
    label=(Reason(message="Study design: not stated in the record"),),
    sections=(),
)

ISSUE = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26), stories=(POST, STUDY, OTHER_STUDY))

TRANSLATIONS = {
    "bonds-41/title": "Vínculos próximos & vidas “longas”: o que as pesquisas sugerem",
    "bonds-41/image_alt": "Imagem abstrata de três ondas em azul e areia",
    "bonds-41/image_credit": "Imagem: Ana Example, obra própria",
    "bonds-41/tag/1": "Solidão",
    "bonds-41/tag/2": "Saúde",
    "bonds-41/studies/1": "A primeira publicação reúne 148 estudos anteriores.",
    "bonds-41/studies/2": "As pessoas com vínculos mais fortes tinham mais chance de estar vivas ao final.",
    "bonds-41/implications/1": "Um telefonema para uma amiga pode importar mais do que parece.",
    "bonds-41/limitations/1": "A maioria desses estudos não mostra o que causa o quê: eles apenas observam.",
    "bonds-41/copyright": "© 2026 Ana Example (todos os direitos reservados)",
    "doi-10-5555-example-2026-7/words/1": "Este é um dos poucos estudos que acompanham as pessoas por anos.",
}


def sources(stories: Sequence[Story] = ISSUE.stories) -> dict[str, str]:
    """Key and source of everything in the stories that can be translated."""
    found: dict[str, str] = {}
    for story in stories:
        if story.kind == "post":
            found[f"{story.key}/title"] = story.title
        if story.image:
            found[f"{story.key}/image_alt"] = story.image.alt
            found[f"{story.key}/image_credit"] = story.image.credit
        found |= {f"{story.key}/tag/{number}": tag for number, tag in enumerate(story.categories, start=1)}
        for section in story.sections:
            for number, sentence in enumerate(section.sentences, start=1):
                found[f"{story.key}/{section.heading}/{number}"] = sentence.text
        if story.copyright:
            found[f"{story.key}/copyright"] = story.copyright
    return found


SEGMENTS = tuple(
    Segment(key=key, source=source, target=TRANSLATIONS[key], state="approved", origin="human")
    for key, source in sources().items()
)
BY_LOCALE = {"pt_BR": SEGMENTS, "en": ()}


def writer() -> TemplateEditionWriter:
    """The real writer with the project's own templates."""
    return TemplateEditionWriter([resource_dir("templates")], MrmlCompiler())


class PlainWriter:
    """An `EditionWriter` without templates: remembers the views, writes the body it was given."""

    def __init__(self, html: str = PERSONAL_LINK, text: str = PERSONAL_LINK) -> None:
        self.views: list[EditionView] = []
        self._html = html
        self._text = text

    def write(self, view: EditionView) -> RenderedEdition:
        """Return the given body with the view's head."""
        self.views.append(view)
        return RenderedEdition(
            locale=view.locale,
            audience=view.audience,
            subject=view.subject,
            preheader=view.preheader,
            html=self._html,
            text=self._text,
        )
