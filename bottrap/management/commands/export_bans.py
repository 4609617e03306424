"""Prints the bans in force for the front server."""

from django.core.management.base import BaseCommand

from bottrap import export


class Command(BaseCommand):
    help = "Prints one nginx deny line for every ban in force."

    def handle(self, *args, **options):
        self.stdout.write(export.nginx_lines(), ending="")
