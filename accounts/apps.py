from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and permissions"

    def ready(self):
        from foundation import crawling

        crawling.forbid("/account/")
