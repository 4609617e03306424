"""
A backup made while somebody writes is of one instant, and put back it is the same site: on both databases, by the
commands that an operator types.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.engines import PROJECT, PostgreSQL

pytestmark = pytest.mark.system

# Two rows in one transaction, then a picture; every third time the oldest picture goes.
WRITE = """
import io, itertools, pathlib
from django.db import transaction
from PIL import Image
from articles import images
from foundation import clock
from foundation.models import Counter
kept = []
for number in itertools.count():
    with transaction.atomic():
        for half in ("first", "second"):
            Counter.objects.create(digest=f"{half}-{number}", count=1, ends_at=clock.now())
    data = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256, 7)).save(data, "PNG")
    kept.append(images.store(data.getvalue(), title=str(number)))
    if number % 3 == 2:
        images.remove(kept.pop(0))
    print(number, flush=True)
    if pathlib.Path("STOP").exists():
        break
"""
LOOK = """
import json
from django.core.files.storage import default_storage
from articles.images import paths
from articles.models import Image
from foundation.models import Counter
names = [name for image in Image.objects.all() for name in paths.all_file_names(image)]
print(json.dumps({
    "first": Counter.objects.filter(digest__startswith="first").count(),
    "second": Counter.objects.filter(digest__startswith="second").count(),
    "pictures": len(names),
    "lost": [name for name in names if not default_storage.exists(name)],
}))
"""
PEOPLE = """
from accounts.models import User
from comments.models import Commenter
from donations import people
from donations.models import Backer
from foundation import clock
User.objects.create_user("reader@example.org", name="A reader")
User.objects.create_user("stays@example.org", name="Another")
backer = Backer.objects.create(email="backer@example.org", name="A backer", livemode=False, created_at=clock.now())
people.remember_key(backer, backer.email)
from comments import identity
Commenter.objects.create(name="Commenter", email="commenter@example.org", folded_email="commenter@example.org",
    address_digest=identity.address_digest("commenter@example.org"))
"""
FORGET = """
from accounts import own_data
from accounts.models import User
from comments import persons
from comments.models import Commenter
from donations import forgetting
from donations.models import Backer
own_data.erase(User.objects.get(email="reader@example.org"))
persons.erase(Commenter.objects.get())
forgetting.forget(Backer.objects.get())
"""
WHO = """
import json
from accounts.models import User
from comments.models import Commenter
from donations.models import Backer
print(json.dumps([
    *User.objects.values_list("email", flat=True), *Commenter.objects.values_list("email", flat=True),
    *Backer.objects.values_list("email", flat=True),
]))
"""


class Site:
    def __init__(self, folder: Path, database_url: str):
        self.folder = folder
        self.environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url,
            "CACHE_URL": f"filecache://{folder / 'cache'}",
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
            "BACKUP_FOLDER": str(folder.parent / "backups"),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=self.environ, capture_output=True, text=True)

    def manage(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        return done.stderr

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    def look(self, code: str = LOOK):
        return json.loads(self.shell(code))

    def back_up(self) -> Path:
        return Path(self.manage("backup").split("\n")[0].split(" (")[0])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def places(request, tmp_path_factory):
    """Where sites can be put: each asked for gets an empty database and folders of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        yield lambda name: _site(folder, name, f"sqlite:///{folder / name / 'site.sqlite3'}")
        return
    cluster = PostgreSQL()
    cluster.start()
    try:
        yield lambda name: _site(folder, name, cluster.make_database(name))
    finally:
        cluster.clear_away()


def _site(folder: Path, name: str, url: str) -> Site:
    (folder / name).mkdir()
    return Site(folder / name, url)


@pytest.fixture(scope="module")
def site(places):
    made = places("first")
    made.manage("migrate", "--verbosity", "0")
    made.shell(PEOPLE)
    return made


@pytest.fixture(scope="module")
def made_meanwhile(site):
    """A backup during which somebody wrote without a pause."""
    stop = site.folder / "stop"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", WRITE.replace("STOP", str(stop))]
    writer = subprocess.Popen(command, cwd=PROJECT, env=site.environ, stdout=subprocess.PIPE, text=True)
    try:
        before = next(int(line) for line in writer.stdout if int(line) >= 5)
        made = site.back_up()
        stop.touch()
        after = max(int(line) for line in writer.stdout)
        assert writer.wait() == 0
    finally:
        writer.kill()
        writer.stdout.close()
    assert after > before + 3  # or it was no test
    return made, before, after


def test_what_is_put_back_is_of_one_instant_with_all_its_pictures(places, made_meanwhile):
    made, before, after = made_meanwhile
    other = places("second")
    assert "Restored: http://testserver" in other.manage("restore", str(made))
    found = other.look()
    assert before < found["first"] <= after + 1
    assert found["first"] == found["second"]
    assert found["pictures"] > 0
    assert found["lost"] == []
    assert other.run("migrate", "--check").returncode == 0


def test_a_database_that_is_not_empty_is_left_alone_unless_told(places, made_meanwhile):
    made, _before, _after = made_meanwhile
    other = places("third")
    other.manage("restore", str(made))
    other.shell("from accounts.models import User; User.objects.create_user('new@example.org')")
    assert "not empty" in other.refused("restore", str(made))
    assert "new@example.org" in other.look(WHO)
    other.manage("restore", str(made), "--replace")
    assert "new@example.org" not in other.look(WHO)
    assert "stays@example.org" in other.look(WHO)


def test_what_cannot_be_put_back_is_refused_before_anything_is_touched(site, made_meanwhile, tmp_path):
    before = site.look()
    for harm in ("a flipped bit", "a lost file", "another database", "a newer program"):
        made = shutil.copytree(made_meanwhile[0], tmp_path / harm)
        manifest = json.loads((made / "manifest.json").read_text())
        database = next(name for name in manifest["files"] if name.startswith("database."))
        said = harm_it(made, manifest, database, harm)
        assert said in site.refused("restore", str(made), "--replace")
    assert site.look() == before


def harm_it(made: Path, manifest: dict, database: str, harm: str) -> str:
    if harm == "a flipped bit":
        data = bytearray((made / database).read_bytes())
        data[len(data) // 2] ^= 1
        (made / database).write_bytes(data)
        return "damaged"
    if harm == "a lost file":
        next(path for path in (made / "media").rglob("*") if path.is_file()).unlink()
        return "not whole"
    if harm == "another database":
        manifest["database"] = "oracle"
    else:
        manifest["migrations"]["articles"].append("9999_of_tomorrow")
    (made / "manifest.json").write_text(json.dumps(manifest))
    return "database is" if harm == "another database" else "newer version"


def test_a_backup_can_be_looked_at_without_being_put_back(site, made_meanwhile):
    assert "Whole: http://testserver" in site.manage("restore", "--check", str(made_meanwhile[0]))


def test_who_was_forgotten_since_is_forgotten_again(places, site, made_meanwhile):
    made, _before, _after = made_meanwhile
    everybody = {"reader@example.org", "stays@example.org", "backer@example.org", "commenter@example.org"}
    unaware = places("unaware")
    unaware.manage("restore", str(made))
    assert everybody <= set(unaware.look(WHO))  # nobody was forgotten yet, so that the rest can fail

    site.shell(FORGET)
    site.manage("keep_forgotten_list")
    other = places("fourth")
    other.manage("restore", str(made))
    assert set(other.look(WHO)) - {""} == {"stays@example.org"}

    (made.parent / "forgotten.txt").unlink()
    site.manage("restore", str(made), "--replace")  # the database that is replaced knows
    assert set(site.look(WHO)) - {""} == {"stays@example.org"}


def test_backups_share_their_pictures_and_the_oldest_go(site, made_meanwhile):
    second = site.back_up()
    pictures = [path for path in (second / "media").rglob("*") if path.is_file()]
    assert pictures
    assert all(path.stat().st_nlink > 1 for path in pictures if (made_meanwhile[0] / path.relative_to(second)).exists())
    site.manage("backup", "--keep", "1")
    assert not made_meanwhile[0].exists()
    assert len([path for path in second.parent.iterdir() if path.is_dir()]) == 1
