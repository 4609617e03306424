"""
Puts the sample comments below the sample articles: through the verbs that readers and moderators use. Afterwards their
times are moved to those that the files name, since the verbs know no other time than now.
"""

import datetime as dt
import secrets
import tomllib
import uuid
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from articles.models import Article, Author
from comments import identity, moderation, screening, stored
from comments.models import Act, Comment, Commenter, Recommendation, Report
from comments.sample import talk
from comments.sample.talk import BadSampleFile, Said
from foundation import clock

PEOPLE = Path(__file__).parent / "people.toml"
EDITED_FROM = "Seven minutes is about right."
REPORT = (Report.Reason.OTHER, "It does not answer what the article says.")


@transaction.atomic
def load(report: Callable[[str], None]) -> bool:
    """Everything or nothing. False when the site has comments or none of the articles. Raises BadSampleFile."""
    articles = {article.slug: article for article in Article.objects.published()}
    spoken = [said for said in talk.everything() if said.slug in articles]
    if Comment.objects.exists() or not spoken:
        return False
    loader = _Loader(articles)
    for said in spoken:
        loader.load(said)
    for said in spoken:
        loader.meet_fate(said)
    loader.settle_people()
    loader.move_times()
    moderation.show_recommends()
    stored.write_all()  # the times were moved past the verbs
    report(f"{len(spoken)} comments by {len(loader.people)} people are there.")
    return True


class _Loader:
    def __init__(self, articles: dict[str, Article]):
        self.articles = articles
        self.now = clock.now().replace(microsecond=0)
        self.told = tomllib.loads(PEOPLE.read_text())
        self.people: dict[str, Commenter] = {}
        self.users: dict[str, User] = {}
        self.editor = User.objects.filter(is_superuser=True).order_by("pk").first()
        self.kept: dict[int, tuple[Comment, dt.datetime]] = {}

    def load(self, said: Said) -> None:
        article = self.articles[said.slug]
        parent, begun_at = self.kept[id(said.parent)] if said.parent else (None, article.published_at)
        at = self.now - said.after if said.counts_back else min(begun_at + said.after, self.now)
        user = self._user(said.name) if said.is_of_the_paper else None
        is_known = said.fate not in ("waits", "spam")
        person = self._person(said.name, user, is_confirmed=is_known)
        comment = moderation.submit(
            moderation.Submission(
                article=article,
                parent=parent,
                commenter=person,
                is_proven=is_known,
                name=said.name,
                source=EDITED_FROM if said.fate == "edited" else said.words,
                submission=uuid.uuid4(),
                user=user,
                suspicions=[] if is_known else self._findings(said, article, person),
            )
        )
        if said.fate == "edited":
            moderation.edit(comment, said.words, by_commenter=person)
        if is_known and not comment.is_public:
            moderation.approve(comment, self.editor)
        self._recommend(comment, said.recommends)
        self.kept[id(said)] = (comment, at)

    def _findings(self, said: Said, article: Article, person: Commenter) -> list[screening.Finding]:
        candidate = screening.Candidate(
            article=article,
            source=said.words,
            name=said.name,
            email=person.email,
            form_age_seconds=90.0,
            commenter=person,
        )
        found = screening.examine(candidate)
        if said.fate == "spam" and not any(finding.is_spam for finding in found):
            raise BadSampleFile(f"{said.name!r} is to be taken for spam, and no layer takes it for that: {found}")
        return found

    def meet_fate(self, said: Said) -> None:
        """Once everybody has answered: nobody can answer a comment that is gone."""
        comment, _at = self.kept[id(said)]
        if said.fate == "withdrawn":
            moderation.withdraw(comment, comment.commenter)
        elif said.fate == "hidden":
            moderation.hide(comment, self.editor, "An accusation without a fact.")
        elif said.fate == "reported":
            moderation.report(comment, secrets.token_hex(32), *REPORT)

    def _recommend(self, comment: Comment, count: int) -> None:
        """As so many readers; one verb for each would take minutes."""
        readers = [Recommendation(comment=comment, reader=secrets.token_hex(32)) for _ in range(count)]
        Recommendation.objects.bulk_create(readers)
        Comment.objects.filter(pk=comment.pk).update(recommends=count)
        comment.recommends = count

    def _person(self, name: str, user: User | None, *, is_confirmed: bool) -> Commenter:
        if name not in self.people:
            told = self.told.get(name, {})
            email = told.get("email") or f"{slugify(name) or f'reader-{len(self.people)}'}@example.org"
            person = identity.of_user(user) if user else identity.commenter_for(email, name)
            person.shows_backing = told.get("shows_backing", False)
            person.confirmed_at = self.now if is_confirmed else None
            person.save(update_fields=["shows_backing", "confirmed_at"])
            self.people[name] = person
        return self.people[name]

    def _user(self, name: str) -> User:
        """The account of one of the paper's people. Nobody can sign in with it: it has no password."""
        if name not in self.users:
            author = Author.objects.get(name=name)
            if author.user is None:
                author.user = User.objects.create_user(f"{author.slug}@example.org", name=name, is_staff=True)
                author.user.groups.add(*Group.objects.filter(name="Author"))
                author.save(update_fields=["user"])
            self.users[name] = author.user
        return self.users[name]

    def settle_people(self) -> None:
        for name, told in self.told.items():
            person = self.people.get(name)
            if person and told.get("always_waits"):
                moderation.wait_always(person, self.editor, "Two of the last five were withdrawn after an answer.")
            if person and (days := told.get("banned_for_days")):
                begun = self.now - dt.timedelta(days=told["banned_days_ago"])
                until = self.now + dt.timedelta(days=days)
                moderation.ban_person(person, self.editor, until=until, reason=told["ban_reason"])
                ended = {"banned_at": begun, "banned_until": begun + dt.timedelta(days=days)}
                Commenter.objects.filter(pk=person.pk).update(**ended)
                Act.objects.filter(commenter=person, verb=Act.Verb.BAN).update(happened_at=begun)

    def move_times(self) -> None:
        for comment, at in self.kept.values():
            row = Comment.objects.get(pk=comment.pk)
            row.posted_at = at
            row.published_at = at if row.published_at else None
            row.edited_at = at + dt.timedelta(minutes=4) if row.edited_at else None
            row.decided_at = at if row.decided_at else None
            row.save(update_fields=["posted_at", "published_at", "edited_at", "decided_at"])
            row.acts.update(happened_at=at)
            row.suspicions.update(found_at=at)
            row.revisions.update(replaced_at=at + dt.timedelta(minutes=4))
        for person in self.people.values():
            first = person.comments.order_by("posted_at").values_list("posted_at", flat=True).first()
            confirmed_at = first if person.confirmed_at else None
            Commenter.objects.filter(pk=person.pk).update(created_at=first, confirmed_at=confirmed_at)
