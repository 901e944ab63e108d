"""Studies as bloggers mention them in running prose, in English and Portuguese: another set than `citation_set`.

Neither titles, names nor ways of citing are shared with that set, which the reader of citations was made with.
"""

import random
from dataclasses import dataclass
from typing import Any

TITLES = {
    "en": (
        "When {a} meets {b}: What {n} couples taught us about {c}", "“I never felt at home”: {A} and {b} after moving abroad",
        "{A} in the first {n} months of {b}", "Is {a} good for {b}? A preregistered test", "{A}, {b} and the body",
        "Sleeping apart, living together: {a} and {b}", "A {n}-year follow-up of {a} after {b}", "The price of {a}",
        "{A} across the lifespan: A three-level meta-analysis of {n} samples", "Why do partners avoid {a}? The part of {b} and {c}",
        "What predicts {a} after {b}: Machine learning in {n} marriages", "{A} and {b}: Two sides of one coin?",
        "Changes in {a} during {b} (CHANGE-{n}): Protocol and first results", "Speaking of {a}: {B} in mixed-language couples",
    ),
    "pt": (
        "Quando {a} encontra {b}: o que {n} casais nos ensinaram sobre {c}", "“Nunca me senti em casa”: {a} e {b} depois da mudança",
        "{A} nos primeiros {n} meses de {b}", "{A} faz bem para {b}? Um teste pré-registrado", "{A}, {b} e o corpo",
        "Dormir separados, viver juntos: {a} e {b}", "Seguimento de {n} anos de {a} após {b}", "O preço de {a}",
        "{A} ao longo da vida: metanálise de {n} amostras", "Por que parceiros evitam {a}? O papel de {b} e de {c}",
        "O que prediz {a} depois de {b}: aprendizado de máquina em {n} casamentos", "{A} e {b}: dois lados da mesma moeda?",
        "Mudanças em {a} durante {b} (MUDA-{n}): protocolo e primeiros resultados", "Falando de {a}: {b} em casais de duas línguas",
    ),
}  # fmt: skip
THINGS = {
    "en": (
        "gratitude", "silent treatment", "retirement", "money worries", "pregnancy loss", "trust", "long-distance dating",
        "homesickness", "sexual boredom", "shift work", "caregiving", "repair attempts", "phubbing", "pet ownership",
        "cultural distance", "infertility treatment", "empty nest", "shared humor", "stonewalling", "self-disclosure",
    ),
    "pt": (
        "gratidão", "tratamento de silêncio", "aposentadoria", "preocupações com dinheiro", "perda gestacional", "confiança",
        "namoro à distância", "saudade de casa", "tédio sexual", "trabalho em turnos", "cuidado de idosos", "pedidos de desculpa",
        "uso do celular", "animais de estimação", "distância cultural", "tratamento de fertilidade", "ninho vazio",
        "humor compartilhado", "afastamento", "autorrevelação",
    ),
}  # fmt: skip
PEOPLE = (
    ("Grace", "Adeyemi"), ("Tomás", "Ibarra Luna"), ("Hye-jin", "Park"), ("Leonor", "Vasconcelos"), ("Matthew J.", "Brandt-Hill"),
    ("Ingrid", "Sørlie"), ("Antônio Carlos", "dos Reis"), ("Pieter", "van Dijk"), ("Noémie", "L’Heureux"), ("Salma", "Haddad"),
    ("Débora", "Figueiredo Neto"), ("Colm", "MacGowan"), ("Yuki", "Ono"), ("Eleni", "Papadaki"), ("Rosângela", "Brito"),
    ("Håkan", "Åberg"), ("Miriam", "Katz"), ("Otávio", "Lacerda"), ("Zofia", "Wójcik"), ("Daniel", "Obi"),
)  # fmt: skip
JOURNALS = {
    "en": ("The Couple Quarterly", "Annals of Kinship", "Close Bonds"),
    "pt": ("Cadernos de Família", "Psique em Rede"),
}

FORMS = {
    "en": {
        "showed": "As {name} and her colleagues showed: {title} ({year}).",
        "wrote": "Here is what {name} and his co-authors wrote about it: {title} ({journal}, {year}).",
        "apart": "In a paper from {year}, {family} and her team ask a simple question. The paper is called “{title}”.",
        "apposition": "{title}, a {year} paper by {name} and others, has stayed with me all week.",
        "return": "I keep returning to {family}’s work (“{title}”, {year}) whenever a client mentions it.",
        "month": "The best thing that I read this month was {family} et al., “{title}” ({journal}, {year}).",
        "back": "Back in {year} a team led by {name} published a paper entitled “{title}”.",
        "semicolon": "Research by Dr. {name} (“{title}”; {journal}, {year}) suggests that it is not so simple.",
        "dashes": "Further reading – “{title}” – {name}, {year}.",
        "quote-first": "“{title}” — {name} and colleagues, {journal} ({year})",
        "says-in": "{family} and colleagues put it well in “{title}” ({year}).",
        "fields": "Study: {title}. Author: {name}. Year: {year}.",
        "article": "My source is the article “{title}” by {name} and colleagues, published in {journal} in {year}.",
        "see": "Distance does not always hurt (see {family} et al., {year}: “{title}”).",
        "single": "You may know ‘{title}’ ({family} et al., {year}), which many people quote.",
        "recently": "Recently ({year}) {name} and a large group of co-authors looked at it again: “{title}”.",
        "possessive": "Dr. {name}’s {year} study, “{title}”, is about exactly this.",
        "thanks": "A reader sent me “{title}”, which {name} and her team published in {year}. Thank you!",
        "emphasis": "Worth your time: *{title}* by {name}, {year}.",
        "names-comma": "{name}, {name2}: {title} ({year}).",
        "answer": "The answer comes from {name} and her group: “{title}” appeared in {journal} in {year}.",
        "quote-colon": "{family} et al. ({year}) gave it a lovely name: “{title}”.",
        "start-year": "{year} saw the publication of “{title}”, in which {name} and colleagues say why.",
        "list-dash": "- {name} & {name2}: {title}, {journal} {year}",
        "footnote": "[3] {name}, “{title}”, {journal}, {year}.",
        "concluded": "As {family} and colleagues concluded after years of work: {title} ({year}).",
        "cf": "It is an old finding (cf. “{title}”, {family} et al., {year}).",
        "bold": "**{title}** ({family} and colleagues, {year}) is short and free to read.",
        "with": "With “{title}” ({journal}, {year}) {name} and her co-authors answered their critics.",
        "em-dash": "{name} et al. — {title} — {journal}, {year}.",
    },
    "pt": {
        "showed": "Como {name} e suas colegas mostraram: {title} ({year}).",
        "wrote": "Eis o que {name} e seus coautores escreveram sobre isso: {title} ({journal}, {year}).",
        "apart": "Num artigo de {year}, {family} e sua equipe fazem uma pergunta simples. O artigo se chama “{title}”.",
        "apposition": "{title}, artigo de {year} de {name} e outros, ficou comigo a semana toda.",
        "return": "Sempre volto ao trabalho de {family} (“{title}”, {year}) quando um paciente fala disso.",
        "month": "O que li de melhor neste mês foi {family} et al., “{title}” ({journal}, {year}).",
        "back": "Já em {year} uma equipe liderada por {name} publicou um artigo intitulado “{title}”.",
        "semicolon": "A pesquisa da Dra. {name} (“{title}”; {journal}, {year}) sugere que não é tão simples.",
        "dashes": "Para saber mais – “{title}” – {name}, {year}.",
        "quote-first": "“{title}” — {name} e colaboradores, {journal} ({year})",
        "says-in": "{family} e colaboradores dizem isso muito bem em “{title}” ({year}).",
        "fields": "Estudo: {title}. Autoria: {name}. Ano: {year}.",
        "article": "A fonte é o artigo “{title}”, de {name} e colaboradores, publicado em {journal} em {year}.",
        "see": "A distância nem sempre machuca (ver {family} et al., {year}: “{title}”).",
        "single": "Talvez você conheça «{title}» ({family} et al., {year}), que muita gente cita.",
        "recently": "Recentemente ({year}), {name} e um grande grupo de coautores olharam de novo para isso: “{title}”.",
        "possessive": "O estudo de {year} da Dra. {name}, “{title}”, trata exatamente disso.",
        "thanks": "Uma leitora me mandou “{title}”, que {name} e sua equipe publicaram em {year}. Obrigada!",
        "emphasis": "Vale a leitura: *{title}*, de {name}, {year}.",
        "names-comma": "{name} e {name2}: {title} ({year}).",
        "answer": "A resposta vem de {name} e seu grupo: “{title}” saiu em {journal} em {year}.",
        "quote-colon": "{family} et al. ({year}) deram um nome bonito a isso: “{title}”.",
        "start-year": "Em {year} saiu “{title}”, em que {name} e colaboradores dizem por quê.",
        "list-dash": "- {name} e {name2}: {title}, {journal} {year}",
        "footnote": "[3] {name}, “{title}”, {journal}, {year}.",
        "concluded": "Como {family} e colaboradores concluíram depois de anos de trabalho: {title} ({year}).",
        "cf": "É um achado antigo (cf. “{title}”, {family} et al., {year}).",
        "bold": "**{title}** ({family} e colaboradores, {year}) é curto e de acesso livre.",
        "with": "Com “{title}” ({journal}, {year}), {name} e suas coautoras responderam aos críticos.",
        "em-dash": "{name} et al. — {title} — {journal}, {year}.",
    },
}  # fmt: skip

HELD_OUT = {
    "en": {
        "idea": "The idea is not new. {name} and her co-authors had it in {year}, in “{title}” ({journal}).",
        "title-first": "“{title}”: this is how {family} and her team called their {year} article.",
        "etc": "Source: {name} et al., “{title}”, {journal} {year}",
        "disagree": "Not everybody agrees. In “{title}” ({journal}, {year}), for example, {name} finds the opposite.",
        "told": "{name} told the story of this project in {year} under the title “{title}”.",
        "parenthesis": "Couples differ ({name} and colleagues, “{title}”, {journal}, {year}), and that is fine.",
    },
    "pt": {
        "idea": "A ideia não é nova. {name} e suas coautoras já a tinham em {year}, em “{title}” ({journal}).",
        "title-first": "“{title}”: é assim que {family} e sua equipe chamaram seu artigo de {year}.",
        "etc": "Fonte: {name} et al., “{title}”, {journal} {year}",
        "disagree": "Nem todos concordam. Em “{title}” ({journal}, {year}), por exemplo, {name} encontra o contrário.",
        "told": "{name} contou a história desse projeto em {year} com o título “{title}”.",
        "parenthesis": "Os casais são diferentes ({name} e colaboradores, “{title}”, {journal}, {year}), e tudo bem.",
    },
}  # fmt: skip
"""Not looked at while the reader was made: what it does with these it does with others."""

NO_STUDY = (
    "When “Let It Be Me” came on the radio in 1969, Grace Adeyemi and her sister stopped talking.",
    "In 2019, Ana and her husband moved to Luxembourg. “We never thought it would be this hard”, she told me.",
    "My client said: “I feel like a stranger in my own home” (2021 was a hard year).",
    "Em 2020, Pedro e sua mulher vieram para cá. “A gente não sabia de nada”, ele me disse.",
    "The novel “One Hundred Years of Solitude” by Gabriel Garcia was first read to me in 1985.",
    "As Maria and her colleagues said at lunch: It is Friday! (2024)",
    "Workshop: “Hold me tight” with Paula Reis, 14 March 2026, Luxembourg.",
    "Inscreva-se até 2026: “Abraça-me forte”, grupo de casais com Paula Reis.",
)
"""Prose with people, years and quotations that names no study; what is read there must never be confirmed."""


@dataclass(frozen=True)
class Mentioned:
    """One text, the DOI that is right for it or None, and its form."""

    text: str
    lang: str
    doi: str | None
    form: str


def _work(rng: random.Random, number: int, lang: str) -> dict[str, Any]:
    a, b, c = rng.sample(THINGS[lang], 3)
    title = rng.choice(TITLES[lang]).format(
        a=a, b=b, c=c, A=a[0].upper() + a[1:], B=b[0].upper() + b[1:], n=rng.randint(3, 97)
    )
    people = rng.sample(PEOPLE, rng.choice((2, 2, 3, 5, 9)))
    return {
        "DOI": f"10.5555/prose.{number}",
        "type": "journal-article",
        "title": [title],
        "author": [{"given": given, "family": family} for given, family in people],
        "issued": {"date-parts": [[rng.randint(1991, 2026)]]},
        "container-title": [rng.choice(JOURNALS[lang])],
        "language": lang,
    }


def _near(rng: random.Random, work: dict[str, Any], number: int) -> dict[str, Any]:
    """Another work that is easily taken for one: by the same people, of another wave, population or kind."""
    title = work["title"][0]
    kinds = (
        f"{title} II",
        f"A comment on “{title}”",
        f"{title}: Replication and extension",
        f"Not {title[0].lower()}{title[1:]}",
        title.replace("couples", "families").replace("casais", "famílias") + " revisited",
    )
    return {**work, "DOI": f"10.5555/near.{number}", "title": [rng.choice(kinds)]}


def prose_set(
    seed: int, count: int, forms: dict[str, dict[str, str]] = FORMS
) -> tuple[list[dict[str, Any]], list[Mentioned]]:
    """Return Crossref-shaped candidates and texts; every second work is absent, half of those with a near one instead."""
    rng = random.Random(seed)
    works = [_work(rng, number, rng.choice(("en", "pt"))) for number in range(count)]
    works = list({work["title"][0]: work for work in works}.values())
    candidates, texts = [], []
    for number, work in enumerate(works):
        present = number % 2 == 0
        if present:
            candidates.append(work)
        if rng.random() < (0.2 if present else 0.5):
            candidates.append(_near(rng, work, number))
        lang = rng.choice(("en", "pt"))
        form = rng.choice(tuple(forms[lang]))
        first, second = work["author"][:2]
        text = forms[lang][form].format(
            name=f"{first['given']} {first['family']}",
            name2=f"{second['given']} {second['family']}",
            family=first["family"],
            title=work["title"][0].replace("“", "'").replace("”", "'"),
            year=work["issued"]["date-parts"][0][0],
            journal=work["container-title"][0],
        )
        texts.append(Mentioned(text=text, lang=lang, doi=work["DOI"] if present else None, form=form))
    rng.shuffle(candidates)
    return candidates, texts
