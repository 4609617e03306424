"""The editors' desk, one module for each thing that is edited. Importing them registers them."""

from articles.admin import articles, embeds, images, masthead, pages, panels, people, redirects, takedowns, taxonomy

__all__ = [
    "articles",
    "embeds",
    "images",
    "masthead",
    "pages",
    "panels",
    "people",
    "redirects",
    "takedowns",
    "taxonomy",
]

panels.register_panels()
