"""An invitation to an event."""

from .offices import a_release


def an_invitation(event: dict[str, str]) -> str:
    return a_release(kind="invitacion", headline="Inauguran la casa de cultura", event=event)
