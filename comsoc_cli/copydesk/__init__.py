"""The copy desk: rules that a good editor keeps in the head; it reads, and changes nothing by itself."""
