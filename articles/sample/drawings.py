"""Sample pictures in the media library, each drawn when it is first asked for. The worker makes their sizes."""

from collections.abc import Callable

from articles import images
from articles.models import Image
from articles.sample import pictures
from articles.sample.texts import BadSampleFile

CREDIT = "Drawing: this project"


class Drawings:
    def __init__(self, report: Callable[[str], None]):
        self._report = report
        self._images: dict[str, Image] = {}

    def image(self, name: str, *, alt: str = "", caption: str = "") -> Image:
        """Words given first stay. Raises BadSampleFile for a name that nothing is drawn under."""
        if name not in self._images:
            if name not in pictures.NAMES:
                raise BadSampleFile(
                    f"Nothing is drawn under the name {name!r}; pictures.py says which names there are."
                )
            self._report(f"  drawing {name}")
            title = f"Sample: {name.replace('-', ' ')}"
            self._images[name] = images.store(pictures.draw(name), title=title, credit=CREDIT)
        return self._with_words(self._images[name], alt=alt, caption=caption)

    def address(self, name: str) -> str:
        return images.address(self.image(name), 1200)

    def __len__(self) -> int:
        return len(self._images)

    @staticmethod
    def _with_words(image: Image, **words: str) -> Image:
        missing = {field: text for field, text in words.items() if text and not getattr(image, field)}
        for field, text in missing.items():
            setattr(image, field, text)
        if missing:
            image.save(update_fields=list(missing))
        return image
