from donations.models.pledge import Intent


class PublicName(Intent):
    """
    What a backer wishes to be shown: the name and the message of an intent, and nothing of its money. So that those
    who judge names need see no amounts.
    """

    class Meta:
        proxy = True
        verbose_name = "name of a backer"
        verbose_name_plural = "names of backers"
        default_permissions = ()
        permissions = [("moderate_names", "Can approve and reject backers’ names and messages")]

    def __str__(self):
        return self.public_name or "A message without a name"
