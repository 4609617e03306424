"""The form by which pictures come in, in the library and in the editor's picker alike."""

from pathlib import PurePath

from django import forms

from articles import images
from articles.images import check
from articles.models import Image

ACCEPTED_TYPES = "image/jpeg,image/png,image/webp,image/avif,image/gif"


def title_from(file_name: str) -> str:
    """What a file's name says, for uploads that got no title."""
    words = PurePath(file_name.replace("\\", "/")).stem.replace("_", " ").replace("-", " ")
    return " ".join(words.split())[:200] or "Picture"


class UploadForm(forms.ModelForm):
    """
    Saving goes through `images.keep`. `was_known` tells afterwards that the library had this very file already.
    """

    picture = forms.FileField(
        help_text="JPEG, PNG, WebP, AVIF or GIF, up to 25 MB. What the file says about place and camera is removed.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED_TYPES}),
    )
    field_order = ["picture", "title", "alt", "caption", "credit"]
    uploaded_by = None
    was_known = False

    class Meta:
        model = Image
        fields = ["title", "alt", "caption", "credit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = "For finding it again; readers never see this. Empty: the file's name."

    def clean_picture(self):
        upload = self.cleaned_data["picture"]
        try:
            self.accepted = check.accept(check.read(upload))
        except images.ImageRefused as refusal:
            raise forms.ValidationError(str(refusal), code="refused") from refusal
        return upload

    def clean(self):
        super().clean()
        if "picture" in self.cleaned_data and not self.cleaned_data.get("title"):
            self.cleaned_data["title"] = title_from(self.cleaned_data["picture"].name)

    def save(self, commit=True):
        words = {name: self.cleaned_data[name] for name in self.Meta.fields}
        self.was_known = Image.objects.filter(sha256=self.accepted.sha256).exists()
        self.instance = images.keep(self.accepted, by=self.uploaded_by, **words)
        self.save_m2m = self._save_m2m
        return self.instance
