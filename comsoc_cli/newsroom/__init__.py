"""The public press room: site and feeds, from the vault only."""
