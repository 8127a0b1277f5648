"""Pages known by name, as data; and what people paste, made into an address."""

from .addresses import is_near, normalise, page_id, slug
from .names import Entry, by_address, by_name, choose, known_pages

__all__ = ["Entry", "by_address", "by_name", "choose", "is_near", "known_pages", "normalise", "page_id", "slug"]
