"""comsoc writes, renders and distributes the releases of a press office."""

__version__ = "0.1.0"
