"""Whether everybody so far was refused in the same words: then it is about the office, whatever the server calls it."""

from comsoc_cli.delivery.replies import words_of
from comsoc_cli.model.delivery import Delivery, Outcome, Reply

ENOUGH = 5  #: so many people
ENOUGH_DOMAINS = 3  #: of so many domains: one company's server may well have none of its people any more


class Alike:
    """The refusals of a run, until one person hears something else."""

    def __init__(self) -> None:
        self.refused: list[int] = []  #: the numbers of the deliveries
        self._domains: set[str] = set()
        self._words = ""
        self._reply = ""
        self._differs = False

    def add(self, delivery: Delivery, reply: Reply) -> None:
        """One more person has an outcome."""
        if self._differs or reply.outcome not in {Outcome.ACCEPTED, Outcome.REFUSED}:
            return
        words = words_of(reply.text)
        if reply.outcome is Outcome.ACCEPTED or (self.refused and words != self._words):
            # Once enough have heard the same, what comes in from other sessions changes nothing any more.
            self._differs = not self.is_about_the_office
            return
        self._words, self._reply = words, reply.text
        self.refused.append(delivery.id)
        self._domains.add(delivery.recipient.address.rpartition("@")[2].casefold())

    @property
    def is_about_the_office(self) -> bool:
        """Whether enough people of enough domains have heard the same, and none of them anything else."""
        return not self._differs and len(self.refused) >= ENOUGH and len(self._domains) >= ENOUGH_DOMAINS

    @property
    def words_to_all(self) -> str:
        """The reply that all of several people got, where there were too few to say what it is about; or nothing."""
        few = not self._differs and len(self.refused) > 1 and not self.is_about_the_office
        return self._reply if few else ""
