"""Pure functions over frozen dataclasses: no I/O, no clock, no threads, no logging."""
