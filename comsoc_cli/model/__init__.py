"""The nouns of a press office, as frozen records; standard library only, no files, no clock."""
