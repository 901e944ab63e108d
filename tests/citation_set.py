"""Invented studies and the ways in which people cite them, with traps: for tests and benchmarks of the resolver."""

import random
from dataclasses import dataclass
from typing import Any

TOPICS = (
    "adult attachment", "relationship satisfaction", "loneliness", "emotion regulation", "couple conflict", "grief",
    "sexual desire", "parental burnout", "intimate partner violence", "self-compassion", "social support", "infidelity",
    "communication skills", "forgiveness", "jealousy", "depressive symptoms", "migration stress", "commitment",
)  # fmt: skip
GROUPS = (
    "older adults", "young couples", "expatriate families", "new mothers", "same-sex couples", "college students",
    "remarried partners", "veterans", "caregivers", "adolescents", "Brazilian immigrants", "newlyweds",
)  # fmt: skip
METHODS = (
    "a meta-analytic review", "a longitudinal study", "a randomized controlled trial", "a systematic review",
    "a daily diary study", "a qualitative study", "evidence from three cohorts", "a dyadic approach",
)  # fmt: skip
SHAPES = (
    "{a} and {b} in {g}: {m}", "The role of {a} in {b} among {g}", "Does {a} predict {b}? {M}",
    "{a}, {b}, and well-being in {g}", "Emotionally focused therapy for {g} with {a}: {m}",
    "How {a} shapes {b}: {m} of {g}", "Understanding {a} in {g}", "{a} as a mediator between {b} and health in {g}",
    "From {a} to {b}: {m}", "{a} in {g}",
)  # fmt: skip
PT_TOPICS = (
    "apego adulto", "satisfação conjugal", "solidão", "regulação emocional", "conflito conjugal", "luto",
    "desejo sexual", "esgotamento parental", "violência conjugal", "autocompaixão", "apoio social", "infidelidade",
    "habilidades de comunicação", "perdão", "ciúme", "sintomas depressivos", "estresse migratório", "compromisso",
)  # fmt: skip
PT_GROUPS = (
    "idosos", "casais jovens", "famílias expatriadas", "mães de primeira viagem", "casais homoafetivos",
    "universitários", "casais recasados", "cuidadores", "adolescentes", "imigrantes brasileiros", "recém-casados",
)  # fmt: skip
PT_METHODS = (
    "uma revisão sistemática", "um estudo longitudinal", "um ensaio clínico randomizado", "uma metanálise",
    "um estudo qualitativo", "evidências de três coortes", "uma abordagem diádica",
)  # fmt: skip
PT_SHAPES = (
    "{a} e {b} em {g}: {m}", "O papel de {a} em {b} entre {g}", "{a} prediz {b}? {M}",
    "{a}, {b} e bem-estar em {g}", "Terapia focada nas emoções para {g} com {a}: {m}", "Compreendendo {a} em {g}",
    "De {a} a {b}: {m}", "{a} em {g}",
)  # fmt: skip
PEOPLE = (
    ("Ana", "Souza"), ("Julian", "Holt-Miller"), ("Susan M.", "Jonsson"), ("Kim", "van der Berg"), ("Áurea", "Conceição"),
    ("Peter", "O’Hara"), ("Søren", "Kjærgaard"), ("María", "Núñez"), ("João Paulo", "da Silva"), ("Wei", "Zhang"),
    ("Ruth", "Feldmann"), ("Luísa", "Gonçalves"), ("Thomas", "Müller"), ("Beatriz", "Almeida Prado"), ("Ed", "Tronicke"),
    ("Carla", "Queiroz"), ("Omar", "El-Sayed"), ("Nina", "Łukasz"), ("Rafael", "Teixeira"), ("Emma", "de Vries"),
)  # fmt: skip
JOURNALS = ("Journal of Bonds", "Family Letters", "Revista de Vínculos", "Psychology of Couples")


@dataclass(frozen=True)
class Cited:
    """One text, and the DOI that is right for it, or None where no candidate is."""

    text: str
    lang: str
    doi: str | None
    kind: str


def make_work(rng: random.Random, number: int, lang: str) -> dict[str, Any]:
    topics, groups, methods, shapes = (
        (PT_TOPICS, PT_GROUPS, PT_METHODS, PT_SHAPES) if lang == "pt" else (TOPICS, GROUPS, METHODS, SHAPES)
    )
    a, b = rng.sample(topics, 2)
    method = rng.choice(methods)
    title = rng.choice(shapes).format(a=a, b=b, g=rng.choice(groups), m=method, M=method.capitalize())
    year = rng.randint(1975, 2026)
    authors = rng.sample(PEOPLE, rng.choice((1, 2, 2, 3, 4, 6)))
    return {
        "DOI": f"10.5555/bonds.{number}",
        "type": "journal-article",
        "title": [title[0].upper() + title[1:]],
        "author": [{"given": given, "family": family} for given, family in authors],
        "issued": {"date-parts": [[year, rng.randint(1, 12)]]},
        "container-title": [rng.choice(JOURNALS)],
        "volume": str(rng.randint(1, 60)),
        "issue": str(rng.randint(1, 12)),
        "page": "101-119",
        "language": lang,
    }


def unlike(works: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave one work a title, as nearly all titles are."""
    return list({work["title"][0]: work for work in works}.values())


def traps(rng: random.Random, work: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Works that are nearly another one: by the same people, in the same year, with nearly the same title."""
    title = work["title"][0]
    nearly = {
        "part": f"{title}: Part II",
        "reply": f"Reply to “{title}”",
        "erratum": f"Erratum to: {title}",
        "followup": f"{title.split(':')[0]}: a five-year follow-up",
        "other": title.replace("older adults", "adolescents").replace("idosos", "adolescentes")
        if "older adults" in title or "idosos" in title
        else f"Beyond {title[0].lower()}{title[1:]}",
    }
    kind = rng.choice(tuple(nearly))
    return [{**work, "DOI": f"10.5555/trap.{number}", "title": [nearly[kind]]}]


def _full(person: dict[str, Any]) -> str:
    return f"{person['given']} {person['family']}"


def _initials(person: dict[str, Any]) -> str:
    return " ".join(f"{name[0]}." for name in person["given"].replace(".", "").split())


def cite(rng: random.Random, work: dict[str, Any], lang: str) -> tuple[str, str]:
    """Return a text that cites a work, and which form it has."""
    title, year = work["title"][0], work["issued"]["date-parts"][0][0]
    authors = work["author"]
    first = authors[0]
    journal, volume = work["container-title"][0], work["volume"]
    name, family = _full(first), first["family"]
    others_en = rng.choice((" and colleagues", " and her colleagues", " et al.", " and his team"))
    others_pt = rng.choice((" e colaboradores", " e colegas", " et al.", " e sua equipe", " e cols."))
    several = len(authors) > 1
    crowd = (others_pt if lang == "pt" else others_en) if several else ""
    apa = ", ".join(f"{one['family']}, {_initials(one)}" for one in authors)
    apa = (
        apa
        if not several
        else apa.rpartition(", " + authors[-1]["family"])[0] + f", & {authors[-1]['family']}, {_initials(authors[-1])}"
    )
    abnt = "; ".join(f"{one['family'].upper()}, {_initials(one)}" for one in authors)
    vancouver = ", ".join(f"{one['family']} {_initials(one).replace('. ', '').rstrip('.')}" for one in authors)
    harvard = " and ".join(f"{one['family']}, {_initials(one)}" for one in authors)
    doctor = rng.choice(("Dr. ", "Prof. ", "Dra. ", "")) if several else "Dr. "
    forms = {
        "colon": f"{doctor}{name}{crowd}: {title} ({year})",
        "colon-journal": f"{doctor}{name}{crowd}: {title} ({journal}, {year})",
        "apa": f"{apa} ({year}). {title}. {journal}, {volume}(2), 101–119.",
        "abnt": f"{abnt} {title}. {journal}, v. {volume}, n. 2, p. 101-119, {year}.",
        "vancouver": f"{vancouver}. {title}. {journal}. {year};{volume}(2):101-19.",
        "numbered": f"{rng.randint(1, 40)}. {vancouver}. {title}. {journal}. {year};{volume}:101-19.",
        "harvard": f"{harvard} ({year}) '{title}', {journal}, {volume}(2), pp. 101-119.",
        "mla": f"{family}, {first['given']}{', et al' if several else ''}. “{title}.” {journal}, vol. {volume}, no. 2, {year}, pp. 101-119.",
        "chicago": f"{family}, {first['given']}. {year}. “{title}.” {journal} {volume} (2): 101–119.",
        "bullet": f"• {apa} ({year}). {title}. {journal}.",
        "doi": f"https://doi.org/{work['DOI']}",
        "doi-prose": f"{'Leia mais em' if lang == 'pt' else 'More at'} doi:{work['DOI'].upper()}.",
        "link": f"https://onlinelibrary.example.org/doi/full/{work['DOI']}",
    }
    if lang == "pt":
        forms |= {
            "quoted": f"Em {year}, {name}{crowd} publicaram “{title}”, que me fez pensar.",
            "quoted-after": f"No artigo “{title}” ({year}), {name}{crowd} acompanharam participantes por meses.",
            "by": f"Gostei de ler “{title}”, de {name} ({year}).",
            "study-of": f"O estudo de {name}{crowd}, “{title}” ({year}), mostra outra coisa.",
            "before": f"{title} ({family}{' et al.' if several else ''}, {year})",
            "dash": f"{name}{crowd} – {title} ({year})",
            "year-first": f"{name}{crowd} ({year}): {title}",
            "intro": f"Referência da semana: Dra. {name}{crowd}: {title} ({year}).",
        }
    else:
        forms |= {
            "quoted": f"In {year}, {name}{crowd} published “{title}”, and it made me think.",
            "quoted-after": f"In “{title}” ({year}), {name}{crowd} followed people for months.",
            "by": f"I loved reading “{title}” by {name} ({year}).",
            "study-of": f'The study by {name}{crowd}, "{title}" ({year}), shows something else.',
            "before": f"{title} ({family}{' et al.' if several else ''}, {year})",
            "dash": f"{name}{crowd} – {title} ({year})",
            "year-first": f"{name}{crowd} ({year}): {title}",
            "intro": f"This week's study is from Dr. {name}{crowd}: {title} ({year}).",
        }
    kind = rng.choice(tuple(forms))
    return forms[kind], kind


def changed(rng: random.Random, work: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return a work as somebody writes it down wrongly; the DOI stays what is meant."""
    title, year = work["title"][0], work["issued"]["date-parts"][0][0]
    kind = rng.choice(
        ("year-off", "no-accents", "case", "typo", "year-wrong", "main-title", "truncated", "wrong-author")
    )
    words = title.split()
    long_word = max(words, key=len)
    swapped = long_word[:3] + long_word[4] + long_word[3] + long_word[5:] if len(long_word) > 6 else long_word
    changes: dict[str, dict[str, Any]] = {
        "year-off": {"issued": {"date-parts": [[year + rng.choice((-1, 1))]]}},
        "year-wrong": {"issued": {"date-parts": [[year - 5]]}},
        "no-accents": {"title": [title.translate(str.maketrans("áéíóúãõçêâôú", "aeiouaoceaou"))]},
        "case": {"title": [title.title()]},
        "typo": {"title": [title.replace(long_word, swapped)]},
        "main-title": {"title": [title.split(": ")[0]]},
        "truncated": {"title": [" ".join(words[: max(3, len(words) // 2)])]},
        "wrong-author": {"author": [{"given": "Xenia", "family": "Yorkshire"}]},
    }
    return {**work, **changes[kind]}, kind


FULL = frozenset({"as-is", "year-off", "no-accents", "case", "typo"})
"""Changes that leave the title full."""


def citation_set(seed: int, works_count: int) -> tuple[list[dict[str, Any]], list[Cited]]:
    """Return candidates and texts; every second work is not among the candidates, and traps of it may be."""
    rng = random.Random(seed)
    works = unlike([make_work(rng, number, rng.choice(("en", "pt"))) for number in range(works_count)])
    candidates: list[dict[str, Any]] = []
    cited: list[Cited] = []
    for number, work in enumerate(works):
        present = number % 2 == 0
        if present:
            candidates.append(work)
        if rng.random() < 0.3:
            candidates += traps(rng, work, number)
        asked, change = (work, "as-is") if rng.random() < 0.6 else changed(rng, work)
        lang = rng.choice(("en", "pt"))
        text, form = cite(rng, asked, lang)
        cited.append(Cited(text, lang, work["DOI"] if present else None, f"{change}/{form}"))
    rng.shuffle(candidates)
    return candidates, cited
