"""Answers of real status pages, recorded on eventful days, read by the real engine."""
