from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"

    def ready(self):
        from foundation import tasks

        tasks.connect()
