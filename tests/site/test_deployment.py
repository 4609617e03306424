"""What cannot be run without a Docker engine is read: the image, the services, the front server's files, the units."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from foundation import logs
from pagecache import registry

PROJECT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
UNITS = sorted((PROJECT / "deploy" / "systemd").glob("*.service"))


def own_packages() -> set[str]:
    names = {app.partition(".")[0] for app in settings.INSTALLED_APPS} | {"antiempire", "pagecache"}
    return {name for name in names if (PROJECT / name / "__init__.py").exists()}


def test_the_image_holds_every_package_of_the_site():
    let_in = set(re.findall(r"^!([\w.]+)", (PROJECT / ".dockerignore").read_text(), re.MULTILINE))
    assert len(own_packages()) >= 7
    assert own_packages() <= let_in


def test_the_image_is_hash_locked_and_runs_as_nobody_in_particular():
    assert "--require-hashes" in DOCKERFILE
    assert re.search(r"^USER site$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER site") < DOCKERFILE.index("CMD [")


def test_every_service_is_watched_or_says_why_not():
    asked = {name for name, service in COMPOSE["services"].items() if "test" in service.get("healthcheck", {})}
    silent = {name for name, service in COMPOSE["services"].items() if service.get("healthcheck", {}).get("disable")}
    by_image = {"web"}
    assert asked | silent | by_image == set(COMPOSE["services"])
    assert {"front", "worker", "database", "redis"} <= asked


def test_no_service_starts_with_a_secret_that_everybody_knows():
    for name in ("SECRET_KEY", "BACKER_HASH_KEY", "POSTGRES_PASSWORD"):
        values = re.findall(rf"\${{{name}([^}}]*)}}", (PROJECT / "docker-compose.yml").read_text())
        assert values
        assert all(value.startswith(":?") for value in values)


@pytest.mark.parametrize("name", ["front", "web", "worker", "timers", "figures", "migrate", "redis"])
def test_what_needs_no_privileges_has_none(name):
    service = COMPOSE["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_services_set_nothing_that_the_settings_do_not_read():
    example = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert COMPOSE["x-site"]["environment"].keys() - example == set()


def test_only_the_front_and_the_figures_have_a_port_and_only_on_this_machine():
    ports = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert ports.keys() == {"front", "figures"}
    assert all(port.startswith("127.0.0.1:") for given in ports.values() for port in given)


def test_the_front_is_given_everything_its_files_ask_for():
    asked = set()
    for template in (PROJECT / "deploy" / "nginx").glob("*.template"):
        asked |= set(re.findall(r"\$\{([A-Z_]+)\}", template.read_text()))
    by_hand = set(re.findall(r"^([A-Z_]+)=", (PROJECT / "deploy" / "nginx" / "front.env").read_text(), re.MULTILINE))
    assert "FRONT_SERVERS" in asked
    assert by_hand == asked
    assert asked <= COMPOSE["services"]["front"]["environment"].keys()


def test_the_front_keeps_pages_only_by_what_the_site_understands():
    template = (PROJECT / "deploy" / "nginx" / "http.conf.template").read_text()
    kept = set(re.search(r'"~\^\(\?:\(\?:([\w|]+)\)=', template)[1].split("|"))
    assert kept == {"before", "page", "sort"}
    assert kept <= {name for query in registry._views.values() for name in query}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_without_root_and_with_little_to_reach(unit):
    told = unit.read_text()
    if unit.name == "antiempire-bans.service":  # reloads nginx, which root alone may
        assert "systemctl reload nginx.service" in told
        return
    for line in ("User=antiempire", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert f"\n{line}\n" in told
    if command := re.search(r"manage\.py (\w+)", told):
        assert command[1] in {"db_worker", "run_timers", "serve_metrics"}


def test_caddys_log_cuts_addresses_where_ours_does():
    told = (PROJECT / "deploy" / "caddy" / "Caddyfile").read_text()
    assert all(prefix in told for prefix in logs.PRIVATE)


def test_the_page_for_operators_names_no_setting_that_is_not_read():
    example = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    block = (PROJECT / "docs" / "production.md").read_text().split("```sh")[3].split("```")[0]
    named = set(re.findall(r"^([A-Z][A-Z0-9_]+)=", block, re.MULTILINE))
    assert len(named) > 15
    assert named - example == set()
