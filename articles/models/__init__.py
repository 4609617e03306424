from articles.models.addendum import Addendum, AddendumVersion
from articles.models.article import Article, Byline
from articles.models.author import Author
from articles.models.desk import Autosave, EditingPresence, PreviewLink
from articles.models.embed import Embed, EmbedDecision, EmbedPicture
from articles.models.image import Image
from articles.models.masthead import FooterLink, Masthead
from articles.models.page import Page
from articles.models.redirect import Redirect
from articles.models.revision import Revision
from articles.models.search_document import SearchDocument
from articles.models.takedown import Takedown
from articles.models.taxonomy import Section, Tag

__all__ = [
    "Addendum",
    "AddendumVersion",
    "Article",
    "Author",
    "Autosave",
    "Byline",
    "EditingPresence",
    "Embed",
    "EmbedDecision",
    "EmbedPicture",
    "FooterLink",
    "Image",
    "Masthead",
    "Page",
    "PreviewLink",
    "Redirect",
    "Revision",
    "SearchDocument",
    "Section",
    "Tag",
    "Takedown",
]
