"""Prints the bans in force for the front server."""

from django.core.management.base import BaseCommand

from bottrap import export


class Command(BaseCommand):
    help = "Prints one nginx deny line for every ban in force."

    def add_arguments(self, parser):
        parser.add_argument("--for-geo", action="store_true", help="lines for nginx's geo, as deploy/nginx wants them")

    def handle(self, *, for_geo, **options):
        self.stdout.write(export.geo_lines() if for_geo else export.nginx_lines(), ending="")
