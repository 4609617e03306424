"""
A robot out of the package registry, run as a process of its own: `python -m tests.bottrap.robot SITE ADDRESS MANNERS
ORDER CONNECTIONS`. It follows every link that it finds and prints what it met as one line of JSON.
"""

import json
import random
import re
import sys
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.exceptions import CloseSpider
from scrapy.linkextractors import LinkExtractor

MOST = 120
ORDERS = {
    "depth-first": {},  # as it comes
    "breadth-first": {
        "DEPTH_PRIORITY": 1,
        "SCHEDULER_DISK_QUEUE": "scrapy.squeues.PickleFifoDiskQueue",
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
    },
    "random": {},
}


class Robot(scrapy.Spider):
    name = "robot"

    def __init__(self, site: str, is_random: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.start_urls = [f"{site}/"]
        self.links = LinkExtractor(allow=re.escape(site))
        self.chance = random.Random(1) if is_random else None
        self.paths: list[str] = []
        self.is_refused = False

    def parse(self, response):
        if response.status == 403:
            self.is_refused = True
            raise CloseSpider("refused")
        self.paths.append(urlsplit(response.url).path)
        if isinstance(response, scrapy.http.HtmlResponse):
            for link in self.links.extract_links(response):
                first = self.chance.randrange(1000) if self.chance else 0
                yield response.follow(link, self.parse, errback=self.let_go, priority=first)

    def let_go(self, failure):
        """What robots.txt forbade."""


def main(site: str, address: str, manners: str, order: str, connections: str) -> None:
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": manners == "polite",
            "ROBOTSTXT_USER_AGENT": "a-robot",
            "USER_AGENT": "a-robot/2.0",
            "DEFAULT_REQUEST_HEADERS": {"X-Forwarded-For": address},
            "CONCURRENT_REQUESTS": int(connections),
            "CONCURRENT_REQUESTS_PER_DOMAIN": int(connections),
            "DOWNLOAD_DELAY": 0,
            "CLOSESPIDER_PAGECOUNT": MOST,
            "LOG_LEVEL": "ERROR",
            "HTTPERROR_ALLOW_ALL": True,
            "EXTENSIONS": {"scrapy.extensions.remote_control.RemoteControl": None},
            "TELNETCONSOLE_ENABLED": False,
            "RETRY_ENABLED": False,
            **ORDERS[order],
        }
    )
    crawler = process.create_crawler(Robot)
    process.crawl(crawler, site=site, is_random=order == "random")
    process.start()
    robot = crawler.spider
    print(json.dumps({"paths": robot.paths, "refused": robot.is_refused}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
