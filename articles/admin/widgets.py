"""
The editor as a form field. What may be written stands in `articles.html`, one list for toolbar and sanitiser; here it
gets the addresses it talks to, its toolbar and its files. The models keep plain text fields.
"""

from django import forms
from django.urls import reverse_lazy
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import ImportMap, Media, Script

from articles import html

# Modules that the editor's own modules share. The import map gives them their hashed names in production.
SHARED_MODULES = ImportMap(
    {
        "editor/dialog": "js/editor/dialog.js",
        "editor/notice": "js/editor/notice.js",
        "editor/server": "js/editor/server.js",
    }
)

STYLES = ["css/editor.css", "css/editor_nodes.css"]

BODY_TOOLBAR = [
    {"group": "blockType -lists", "type": "dropdown", "minItems": 2},
    {"group": "marks"},
    {"group": "link"},
    {"group": "insert"},
    {"group": "lists"},
    {"group": "nodes -blockType -lists -insert"},
    {"group": "table"},
    {"group": "history"},
]
NOTE_TOOLBAR = [{"group": "marks"}, {"group": "link"}, {"group": "history"}]


class EditorWidget(AdminProseEditorWidget):
    """`extensions` is the list of `articles.html`, `addresses` what single extensions need to know of this site."""

    extensions: dict = {}
    addresses: dict = {}
    toolbar: list = []
    css_class = ""

    def __init__(self, attrs=None):
        super().__init__({"class": self.css_class, **(attrs or {})}, preset="configurable")
        self.config = {"extensions": self._configured()}

    @property
    def media(self):
        return super().media + Media(
            importmap=SHARED_MODULES,
            # Ours stands behind the sheets that it changes.
            css={"all": ["django_prose_editor/overrides.css", "css/tokens.css", *STYLES]},
            js=[
                "js/editor/words.js",
                Script("js/editor/field.js", type="module"),
                Script("js/editor/keys.js", type="module"),
            ],
        )

    def _configured(self):
        told = {
            **self.addresses,
            # The sanitiser knows which schemes are kept; naming them here again only makes the link finder complain.
            "Link": {"protocols": [], "defaultProtocol": "https"},
            "CleanPaste": {"url": reverse_lazy("admin:editor_paste"), "kind": self.css_class},
            "Menu": {"groups": self.toolbar},
        }
        return {
            name: {**(own if isinstance(own, dict) else {}), **told[name]} if name in told else own
            for name, own in {**self.extensions, "CleanPaste": True, "Menu": True, "SpecialCharacters": True}.items()
        }


class BodyWidget(EditorWidget):
    extensions = html.PROSE_EXTENSIONS
    addresses = {
        "Embed": {"cardUrl": reverse_lazy("admin:articles_embed_card")},
        "Figure": {
            "pickerUrl": reverse_lazy("admin:articles_image_picker"),
            "uploadUrl": reverse_lazy("admin:articles_image_upload"),
        },
    }
    toolbar = BODY_TOOLBAR
    css_class = "editor-body"


class NoteWidget(EditorWidget):
    extensions = html.NOTE_EXTENSIONS
    toolbar = NOTE_TOOLBAR
    css_class = "editor-note"


class EditorFormField(forms.CharField):
    """Cleans before it judges, so that a required field is not satisfied by an empty paragraph."""

    def to_python(self, value):
        return self.sanitise(super().to_python(value))

    def sanitise(self, value):
        raise NotImplementedError


class BodyFormField(EditorFormField):
    widget = BodyWidget

    def sanitise(self, value):
        return html.clean_body(value)


class NoteFormField(EditorFormField):
    widget = NoteWidget

    def sanitise(self, value):
        return html.clean_note(value)
