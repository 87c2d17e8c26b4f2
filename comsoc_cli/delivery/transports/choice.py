"""Which transport an office uses."""

from collections.abc import Mapping

from comsoc_cli.delivery.transports import Transport
from comsoc_cli.office.folder import Office


def transport_of(office: Office, environment: Mapping[str, str], *, rehearsal: bool = False) -> Transport:
    """The mail server of comsoc.toml, else the embedded outbox; raises NoSecret, unless nothing will be sent."""
    smtp = office.settings.smtp
    if smtp is None:
        from comsoc_cli.delivery.transports.outbox import Outbox

        return Outbox(office.outbox)
    from comsoc_cli.delivery.secrets import secret_for
    from comsoc_cli.delivery.transports.smtp import MailServer

    return MailServer(smtp, "" if rehearsal else secret_for(smtp, office.root, environment))
