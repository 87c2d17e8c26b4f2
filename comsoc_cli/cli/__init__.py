"""The counter, one file per verb: the only place with printing, prompts, exit codes, clock and translation."""
