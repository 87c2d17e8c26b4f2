"""Builds: what must be rendered anew, worker processes, writing the press kits."""
