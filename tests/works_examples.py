"""The invented study as a work."""

import work_records as records
from digest.adapters.sources import crossref_work

CROSSREF = crossref_work.works_of([records.crossref()], records.AT)[0]
