"""A release on its way to people: the plan, the sessions, the transports and what came of it."""
