"""The synthetic council's quarterly report, given to the public."""

from __future__ import annotations

from api.demo.parts import Demonstration
from api.demo.story import Story
from api.disclosure import reading
from api.disclosure.sources import source_called
from projections.publishing import queries as publishing_queries
from qa.disclosure import handlers
from qa.disclosure.commands import GiveOutsideCopy, TextToRelease
from qa.disclosure.number_words import number_sentences


def _give(story: Story) -> None:
    """A copy with every text of the report: they name nobody, and tell no small number, nor does
    one that stands in words."""
    services, by = story.services, story.actor("lead")
    with services.store.reading() as connection:
        of = publishing_queries.register(connection, limit=1)[0].published
        source = source_called(services, connection, by, of, None)
        made = reading.worked_out(services, connection, source)
    texts = tuple(
        TextToRelease(text=one.text, confirmed=number_sentences(one.written))
        for one in made["originals"]
    )
    command = GiveOutsideCopy(of=of, audience="public", texts=texts, **made)
    handlers.give(services.desk, command, by=by)


def _tell(story: Story) -> None:
    story.last.append(lambda: _give(story))


DEMONSTRATIONS = Demonstration(100, _tell)
