"""Who may sign in. An e-mail address is a person's name here; authors and backers are rows of their own apps."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from foundation import clock


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        if not email:
            raise ValueError("An e-mail address is needed.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email.strip())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(
        "e-mail address", unique=True, error_messages={"unique": "Somebody with this address exists already."}
    )
    name = models.CharField(max_length=150, blank=True, help_text="How colleagues see this person in the admin.")
    is_staff = models.BooleanField("staff", default=False, help_text="May sign in to the editors' desk.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Take this away instead of deleting a person: what they did stays signed."
    )
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()

    # Said by `accounts.backends` of whoever came in by a code from their mail: a reader, whatever the row says.
    signed_in_by_code = False

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="one_user_per_email", violation_error_message="Somebody with this address exists."
            )
        ]

    def __str__(self):
        return self.name or self.email

    @property
    def is_at_desk(self) -> bool:
        """Works here and came in by the desk's door. A mailbox alone speaks for nobody but a reader."""
        return self.is_staff and self.is_active and not self.signed_in_by_code

    def has_perm(self, perm, obj=None):
        return not self.signed_in_by_code and super().has_perm(perm, obj)

    def has_module_perms(self, app_label):
        return not self.signed_in_by_code and super().has_module_perms(app_label)

    def clean(self):
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self):
        return self.name or self.email

    def get_short_name(self):
        return self.name or self.email.partition("@")[0]


class DeskSession(models.Model):
    """A session of somebody at the desk, so that it can be seen and ended. Readers' sessions are written nowhere."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="desk_sessions")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    factor = models.CharField(max_length=20)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True, help_text="As it named itself.")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "-pk"]

    def __str__(self):
        return f"{self.user}, {self.began_at:%Y-%m-%d %H:%M}"


class RightsChange(models.Model):
    """Who gave or took which right. Never changed, and kept when the people are gone."""

    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("by", max_length=254)
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    whom = models.CharField(max_length=254)
    what = models.CharField(max_length=300)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "change of rights"
        verbose_name_plural = "changes of rights"

    def __str__(self):
        return f"{self.whom}: {self.what}"
