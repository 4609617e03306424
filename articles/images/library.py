"""Verbs of the library: keep a picture, and remove one that nothing shows. The same file is kept once."""

from collections.abc import Iterator
from contextlib import ExitStack

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from articles.images import check, paths
from articles.images.renditions import make_renditions_of
from articles.images.usage import Usage, usages
from articles.models import Image
from articles.models.image import new_image_key


class ImageInUse(Exception):
    """The picture cannot be removed while something shows it; `usages` says what."""

    def __init__(self, found: list[Usage]):
        super().__init__("The picture is in use.")
        self.usages = found


def store(file, *, title: str, alt: str = "", caption: str = "", credit: str = "", by=None) -> Image:
    """
    Keeps an upload, a file-like object or bytes, and has its sizes made in the background. A file that the library
    has already gives the row it has, with its empty fields filled in. Raises ImageRefused.
    """
    data = check.read(file)
    words = {"title": title, "alt": alt, "caption": caption, "credit": credit}
    return _known(check.digest(data), words) or keep(check.accept(data), by=by, **words)


def keep(accepted: check.Accepted, *, by=None, **words: str) -> Image:
    """Like `store`, for a file that was checked before. Two uploads of one file at a time give one row as well."""
    if known := _known(accepted.sha256, words):
        return known
    try:
        return _insert(accepted, {**words, "uploaded_by": by})
    except IntegrityError:
        if known := _known(accepted.sha256, words):
            return known
        raise


def _insert(accepted: check.Accepted, fields: dict) -> Image:
    """Writes the file, then the row together with its task."""
    image = Image(key=new_image_key(), sha256=accepted.sha256, width=accepted.width, height=accepted.height, **fields)
    name = paths.file_name(image.key, accepted.width, accepted.extension)
    with ExitStack() as undo:
        image.file.name = default_storage.save(name, ContentFile(accepted.content))
        undo.callback(default_storage.delete, image.file.name)
        with transaction.atomic():
            image.save()
            make_renditions_of.enqueue(image.pk)
        undo.pop_all()
    return image


def remove(image: Image) -> None:
    """Deletes the row, and its files once that is certain. Raises ImageInUse."""
    with transaction.atomic():
        image = Image.objects.select_for_update().get(pk=image.pk)
        if found := usages(image):
            raise ImageInUse(found)
        names = paths.all_file_names(image)
        image.delete()
        transaction.on_commit(lambda: _delete_files(names))


def files_of(using: str) -> Iterator[str]:
    """The names of every file that the rows of this database name, for a backup of it."""
    for image in Image.objects.using(using).only("key", "file", "renditions").iterator():
        yield from paths.all_file_names(image)


def _known(sha256: str, words: dict) -> Image | None:
    image = Image.objects.filter(sha256=sha256).first()
    if image is not None:
        missing = [name for name, text in words.items() if text and not getattr(image, name)]
        for name in missing:
            setattr(image, name, words[name])
        if missing:
            image.save(update_fields=missing)
    return image


def _delete_files(names: set[str]) -> None:
    for name in names:
        default_storage.delete(name)
