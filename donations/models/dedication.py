from django.db import models

from donations.models.pledge import Intent


class Dedication(models.Model):
    """
    In whose name a gift is given. The one who pays stays the backer; whom it honours is not counted for it. Their
    address is kept until the one letter to them is written (`donations.dedications`), and a keyed hash of it after
    that, so that they are found again when they ask to be forgotten.
    """

    intent = models.OneToOneField(Intent, primary_key=True, on_delete=models.CASCADE, related_name="dedication")
    name = models.CharField("in the name of", max_length=80, blank=True)
    name_status = models.CharField("name", max_length=10, choices=Intent.NameStatus, default=Intent.NameStatus.HIDDEN)
    giver = models.CharField("given by", max_length=80, blank=True, help_text="As the letter names them.")
    email = models.EmailField("their e-mail", blank=True, help_text="Until the letter to them is written.")
    email_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    words = models.TextField("words for the letter", max_length=300, blank=True)
    told_at = models.DateTimeField("letter written", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "gift in somebody’s name"
        verbose_name_plural = "gifts in somebody’s name"
        default_permissions = ()

    def __str__(self):
        return self.name or "A forgotten name"

    @property
    def wants_letter(self) -> bool:
        return bool(self.email_hash)


class DeclinedAddress(models.Model):
    """Somebody who wants no letters about gifts in their name. They may be no backer, so their row is here."""

    email_hash = models.CharField(max_length=64, primary_key=True, help_text="Keyed, as a backer's is.")
    declined_at = models.DateTimeField()

    class Meta:
        verbose_name = "address that declined"
        verbose_name_plural = "addresses that declined"
        default_permissions = ()

    def __str__(self):
        return self.email_hash[:12]
