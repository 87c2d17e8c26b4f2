"""The office: the user's folder of text files; the only package that knows its files."""
