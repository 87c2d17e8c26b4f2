"""A release becomes bytes: page, PDF, mail, plain text. Pure: no network, no clock, no cache; same input, same bytes."""
