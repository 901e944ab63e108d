"""Records of one invented study in the shapes of the research sources; words and names are made up."""

from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
ABSTRACT = (
    "BACKGROUND: Couples who share worries may sleep better. METHODS: We asked 128 couples (N = 256) twice. They were"
    " randomly assigned to talk or to wait. RESULTS: Those who talked slept longer. CONCLUSIONS: Talking may help."
)


def crossref(**changes: Any) -> dict[str, Any]:
    return {
        "DOI": "10.5555/SLEEP.1",
        "type": "journal-article",
        "title": ["Shared worries and <i>sleep</i> in couples"],
        "subtitle": ["A trial"],
        "author": [{"given": "Ann B.", "family": "Example"}, {"name": "The Night Group"}],
        "issued": {"date-parts": [[2025, 3]]},
        "published-online": {"date-parts": [[2024, 12, 20]]},
        "container-title": ["Journal of Nights"],
        "volume": "12",
        "issue": "3",
        "page": "101-119",
        "language": "en",
        "ISSN": ["1234-5679"],
        "abstract": "<jats:p>Couples who share worries may sleep better.</jats:p>",
        "license": [
            {"content-version": "tdm", "URL": "https://publisher.example.org/tdm"},
            {"content-version": "vor", "URL": "http://creativecommons.org/licenses/by/4.0/"},
        ],
        "funder": [{"name": "Foundation for Nights"}],
        "relation": {"has-preprint": [{"id-type": "doi", "id": "10.5555/preprint.7"}]},
    } | changes


def pubmed(
    *, comments: str = "", types: str = "", title: str = "Shared worries and <i>sleep</i> in couples: A trial."
) -> bytes:
    return f"""<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.example.org/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">9000001</PMID>
<Article><Journal><ISSN IssnType="Print">1234-5679</ISSN><JournalIssue><Volume>12</Volume><Issue>3</Issue>
<PubDate><Year>2025</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Journal of nights</Title></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>101-119</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.5555/sleep.1</ELocationID>
<Abstract><AbstractText Label="METHODS">We asked 128 couples (N = 256) twice.</AbstractText>
<AbstractText Label="RESULTS">Those who talked slept longer.</AbstractText></Abstract>
<AuthorList><Author><LastName>Example</LastName><ForeName>Ann B</ForeName></Author></AuthorList><Language>eng</Language>
<GrantList><Grant><Agency>NIGHT NIH</Agency></Grant></GrantList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType>
<PublicationType>Randomized Controlled Trial</PublicationType>{types}</PublicationTypeList></Article>
<OtherAbstract Language="por"><AbstractText>Casais que dividem preocupações dormem melhor.</AbstractText></OtherAbstract>
<MeshHeadingList><MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading></MeshHeadingList>
<CoiStatement>The authors declare no conflicts of interest.</CoiStatement>
<CommentsCorrectionsList>{comments}</CommentsCorrectionsList></MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="pubmed"><Year>2024</Year><Month>12</Month><Day>21</Day></PubMedPubDate></History>
<ArticleIdList><ArticleId IdType="pubmed">9000001</ArticleId><ArticleId IdType="pmc">PMC900</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.5555/somebody.else</ArticleId></ArticleIdList></Reference></ReferenceList>
</PubmedData></PubmedArticle></PubmedArticleSet>""".encode()


def europepmc(**changes: Any) -> dict[str, Any]:
    return {
        "id": "9000001",
        "source": "MED",
        "pmid": "9000001",
        "pmcid": "PMC900",
        "doi": "10.5555/sleep.1",
        "title": "Shared worries and sleep in couples: A trial.",
        "authorList": {"author": [{"fullName": "Example AB", "firstName": "Ann B", "lastName": "Example"}]},
        "journalInfo": {
            "volume": "12",
            "issue": "3",
            "printPublicationDate": "2025-03-01",
            "journal": {"title": "Journal of nights", "issn": "1234-5679"},
        },
        "pubYear": "2025",
        "pageInfo": "101-119",
        "language": "eng",
        "abstractText": "<h4>Methods</h4>We asked 128 couples twice.",
        "pubTypeList": {"pubType": ["Journal Article"]},
        "license": "cc by",
        "isOpenAccess": "Y",
        "fullTextUrlList": {
            "fullTextUrl": [{"availabilityCode": "OA", "url": "https://europepmc.example.org/articles/PMC900"}]
        },
        "firstIndexDate": "2024-12-22",
        "firstPublicationDate": "2024-12-20",
    } | changes


def scielo(**changes: Any) -> dict[str, Any]:
    return {
        "code": "S0000-00002025000300001",
        "doi": "10.5555/sleep.pt",
        "license": "by/4.0",
        "publication_year": "2025",
        "fulltexts": {
            "html": {"pt": "http://www.scielo.example.org/a?tlng=pt", "en": "http://www.scielo.example.org/a?tlng=en"}
        },
        "title": {"v100": [{"_": "Revista das Noites"}]},
        "article": {
            "v12": [
                {"l": "en", "_": "Shared worries and sleep in couples: A trial"},
                {"l": "pt", "_": "Preocupações divididas e sono em casais: um ensaio"},
            ],
            "v40": [{"_": "pt"}],
            "v10": [{"n": "Ana", "s": "Exemplo"}],
            "v83": [{"l": "pt", "a": "Perguntamos a 128 casais."}, {"l": "en", "a": "We asked 128 couples."}],
            "v85": [{"k": "Sono", "l": "pt"}],
            "v65": [{"_": "20250300"}],
            "v14": [{"f": "1", "l": "9"}],
            "v58": [{"_": "Fundação das Noites"}],
            "v337": [{"l": "en", "d": "10.5555/sleep.en"}],
        },
    } | changes


def openalex(**changes: Any) -> dict[str, Any]:
    return {
        "doi": "https://doi.org/10.5555/sleep.1",
        "title": "Shared worries and sleep in couples: A trial",
        "language": "en",
        "type": "article",
        "publication_date": "2025-03-01",
        "authorships": [{"author": {"display_name": "Ann B. Example"}}],
        "primary_location": {"source": {"display_name": "Journal of Nights", "issn": ["1234-5679"]}},
        "open_access": {"is_oa": True, "oa_url": "https://free.example.org/a.pdf"},
        "best_oa_location": {"license": "cc-by"},
        "abstract_inverted_index": {"may": [1], "Talking": [0], "help.": [2]},
        "is_retracted": False,
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/9000001"},
    } | changes
