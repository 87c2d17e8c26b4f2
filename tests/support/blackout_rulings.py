"""A blackout with a ruling of the legal department."""

VEDA = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-20\nuntil = 2026-12-06\nexempt = ["salud"]\n'
RULING = "INE/CG123/2026"
