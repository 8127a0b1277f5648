"""`--demo`: an invented history of four pages, served on loopback and played faster than life."""
