"""Bringing people over from another system: read, judge, take, and say what was not taken (docs/import.md)."""
