"""The public pages. A view reads the request, asks the vocabulary of `articles.querysets` or a verb, and renders."""
