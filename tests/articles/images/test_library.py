"""Keeping pictures, their sizes, and removing them."""

import io
import itertools
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django_tasks_db.models import DBTaskResult

from articles import images
from articles.images import library, renditions
from articles.models import Article, Author, Autosave, Image, Masthead, Page
from foundation import clock
from tests import factories

from . import files

pytestmark = pytest.mark.django_db


def kept(size=(1000, 600), mode="RGB", **fields) -> Image:
    data = files.encoded(files.picture(size, mode), "PNG" if mode == "RGBA" else "JPEG")
    return images.store(data, **{"title": "A picture", **fields})


def left_behind(size=(1000, 600)) -> Image:
    """A picture whose sizes no worker has made."""
    image = kept(size)
    Image.objects.filter(pk=image.pk).update(created_at=clock.now() - renditions.LEFT_BEHIND_AFTER)
    return image


def on_disk(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


class TestStoring:
    def test_a_picture_is_kept_under_a_random_name_with_its_size(self, media_folder, editor):
        image = images.store(
            io.BytesIO(files.encoded(files.picture(), "PNG")), title="Harbour", alt="A harbour", credit="Us", by=editor
        )
        image.refresh_from_db()
        assert image.file.name == f"images/{image.key[:2]}/{image.key}/60.jpg"
        assert (image.width, image.height, image.alt, image.credit) == (60, 40, "A harbour", "Us")
        assert image.uploaded_by == editor
        assert on_disk(media_folder) == {image.file.name}

    def test_the_same_bytes_give_the_same_row_and_fill_in_what_it_lacked(self, media_folder):
        first = kept(caption="First caption")
        second = kept(title="Another title", caption="Second caption", alt="Now with words")
        assert second == first
        assert (second.title, second.caption, second.alt) == ("A picture", "First caption", "Now with words")
        assert Image.objects.count() == 1
        assert len(on_disk(media_folder)) == 1

    def test_two_uploads_at_a_time_give_one_row_and_no_orphan(self, media_folder, monkeypatch):
        first = kept()
        answers = iter([None, None, first])
        monkeypatch.setattr(library, "_known", lambda *arguments: next(answers))
        assert kept() == first
        assert len(on_disk(media_folder)) == 1

    def test_no_file_stays_behind_when_the_row_cannot_be_written(self, media_folder, monkeypatch):
        monkeypatch.setattr(library, "_known", lambda *arguments: None)
        kept()
        with pytest.raises(IntegrityError):
            kept()
        assert len(on_disk(media_folder)) == 1

    def test_a_refused_file_leaves_neither_row_nor_file(self, media_folder):
        with pytest.raises(images.ImageRefused):
            images.store(files.SVG, title="Drawing")
        assert not Image.objects.exists()
        assert not media_folder.exists()


class TestSizes:
    def test_the_task_stands_in_the_transaction_of_the_row(self):
        image = kept()
        assert image.state == Image.State.PENDING
        assert DBTaskResult.objects.get().args_kwargs == {"args": [image.pk], "kwargs": {}}

    @pytest.mark.django_db(transaction=True)
    def test_the_worker_makes_all_sizes_in_all_formats(self, media_folder, run_tasks):
        image = kept((1000, 600))
        run_tasks()
        image.refresh_from_db()
        assert image.state == Image.State.READY
        assert image.renditions == {extension: [480, 800, 1000] for extension in ("avif", "webp", "jpg")}
        for name in on_disk(media_folder):
            picture = files.opened((media_folder / name).read_bytes())
            assert f"/{picture.width}." in name
            assert picture.height == round(picture.width * 0.6)
        assert len(on_disk(media_folder)) == 9

    @pytest.mark.parametrize(("width", "widths"), [
        (300, [300]),
        (480, [480]),
        (1600, [480, 800, 1200, 1600]),
        (1800, [480, 800, 1200, 1800]),
        (2400, [480, 800, 1200, 1800]),
    ])  # fmt: skip
    def test_nothing_is_made_larger_than_it_was(self, width, widths):
        assert renditions.widths_for(width) == widths

    def test_transparency_survives_in_every_format(self, media_folder):
        image = kept((500, 300), "RGBA")
        images.make_renditions(image)
        assert set(image.renditions) == {"avif", "webp", "png"}
        for extension in image.renditions:
            picture = files.opened((media_folder / f"images/{image.key[:2]}/{image.key}/480.{extension}").read_bytes())
            assert picture.convert("RGBA").getpixel((470, 100))[3] == 0

    def test_repeating_it_repairs_a_file_that_was_cut_off_and_adds_none(self, media_folder):
        image = kept()
        images.make_renditions(image)
        before = on_disk(media_folder)
        torn = media_folder / f"images/{image.key[:2]}/{image.key}/480.webp"
        torn.write_bytes(b"RIFF")
        images.make_renditions(image)
        assert on_disk(media_folder) == before
        assert files.opened(torn.read_bytes()).width == 480

    def test_sizes_of_a_picture_that_was_removed_meanwhile_are_not_left_behind(self, media_folder):
        image = kept()
        Image.objects.filter(pk=image.pk).delete()
        images.make_renditions(image)
        assert not on_disk(media_folder)

    @pytest.mark.parametrize("cut_in_at", [1, 4, 8])
    def test_two_makers_at_a_time_leave_what_one_would_have_left(self, media_folder, monkeypatch, cut_in_at):
        image = kept()
        images.make_renditions(image)
        alone = on_disk(media_folder)
        count, save = itertools.count(1), FileSystemStorage.save

        def save_after_the_other_maker(storage, *arguments, **options):
            if next(count) == cut_in_at:
                images.make_renditions(Image.objects.get(pk=image.pk))
            return save(storage, *arguments, **options)

        monkeypatch.setattr(FileSystemStorage, "save", save_after_the_other_maker)
        images.make_renditions(image)
        assert on_disk(media_folder) == alone
        assert next(count) > cut_in_at

    def test_every_size_can_be_read_at_any_moment_while_they_are_made_anew(self, media_folder, monkeypatch):
        image = kept()
        images.make_renditions(image)
        sizes, save = on_disk(media_folder), FileSystemStorage.save
        saved = []

        def everything_can_be_read():
            assert all(files.opened((media_folder / name).read_bytes()).width for name in sizes)

        def save_while_somebody_reads(storage, *arguments, **options):
            everything_can_be_read()
            saved.append(save(storage, *arguments, **options))
            everything_can_be_read()
            return saved[-1]

        monkeypatch.setattr(FileSystemStorage, "save", save_while_somebody_reads)
        images.make_renditions(image)
        assert len(saved) == len(sizes) - 1  # all but the kept file
        assert on_disk(media_folder) == sizes

    def test_nothing_unfinished_stays_when_a_file_cannot_be_put_in_place(self, media_folder, monkeypatch):
        image = kept()
        monkeypatch.setattr(Path, "replace", mock.Mock(side_effect=OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            images.make_renditions(image)
        assert on_disk(media_folder) == {image.file.name}

    def test_the_command_leaves_a_new_picture_to_the_worker(self, capsys):
        kept()
        call_command("make_renditions")
        assert Image.objects.get().state == Image.State.PENDING
        assert "0 pictures" in capsys.readouterr().out

    def test_the_command_passes_over_what_a_worker_made_meanwhile(self, capsys, monkeypatch):
        first, second = left_behind(), left_behind((90, 90))
        make = images.make_renditions

        def make_while_a_worker_makes_the_other(image):
            assert image == first
            make(image)
            make(second)

        monkeypatch.setattr(images, "make_renditions", make_while_a_worker_makes_the_other)
        call_command("make_renditions")
        assert "1 picture" in capsys.readouterr().out

    def test_the_command_makes_what_is_missing(self, capsys):
        left_behind()
        call_command("make_renditions")
        assert Image.objects.get().state == Image.State.READY
        assert "1 picture" in capsys.readouterr().out
        call_command("make_renditions")
        assert "0 pictures" in capsys.readouterr().out

    def test_the_command_goes_on_after_a_picture_it_cannot_read(self, media_folder, capsys):
        lost, sound = left_behind(), left_behind((90, 90))
        (media_folder / lost.file.name).unlink()
        with pytest.raises(CommandError, match="could not be read"):
            call_command("make_renditions")
        sound.refresh_from_db()
        assert sound.state == Image.State.READY
        assert lost.key in capsys.readouterr().err


class TestRemoving:
    def test_removing_deletes_row_and_files(self, media_folder, django_capture_on_commit_callbacks):
        image = kept()
        images.make_renditions(image)
        with django_capture_on_commit_callbacks(execute=True):
            images.remove(image)
        assert not Image.objects.exists()
        assert not on_disk(media_folder)

    def test_files_stay_until_the_deletion_is_certain(self, media_folder, django_capture_on_commit_callbacks):
        image = kept()
        with django_capture_on_commit_callbacks():
            images.remove(image)
        assert on_disk(media_folder) == {image.file.name}

    @pytest.mark.parametrize("place", ["lead", "body", "addendum", "page", "portrait", "logo", "autosave", "earlier"])
    def test_a_picture_in_use_is_not_removed(self, place, editor):
        image = kept()
        figure = f'<figure><img src="{images.address(image)}" alt=""><figcaption></figcaption></figure>'
        use(place, image, figure, editor)
        with pytest.raises(images.ImageInUse) as refused:
            images.remove(image)
        assert len(refused.value.usages) == 1
        assert Image.objects.exists()

    def test_an_unused_picture_is_used_nowhere(self):
        factories.published(body="<p>Text</p>")
        assert images.usages(kept()) == []


def use(place, image, figure, editor):
    match place:
        case "lead":
            factories.draft(lead_image=image)
        case "body":
            factories.draft(body=figure)
        case "addendum":
            factories.draft_addendum(factories.draft(), body=figure)
        case "page":
            Page.objects.create(title="About", slug="about", body=figure)
        case "portrait":
            Author.objects.create(name="A", slug="a", portrait=image)
        case "logo":
            Masthead.objects.create(pk=1, logo=image)
        case "autosave":
            Autosave.objects.create(user=editor, data={"body": figure}, saved_at=clock.now())
        case "earlier":
            article = factories.draft()
            article.revisions.create(
                number=1, created_at=clock.now(), is_meaningful=True, was_published=True, headline="", body=figure
            )
            assert image.key not in Article.objects.get(pk=article.pk).body
