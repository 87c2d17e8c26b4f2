"""Contacts of the house and of the press."""

from .offices import CONTACTS

PEOPLE = CONTACTS.replace(
    "contacts:", "  gabinete: {title: Gabinete, where: {type: municipio}, internal: true}\ncontacts:"
)
