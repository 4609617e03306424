"""
A robot out of the package registry, run as a process of its own: `python -m tests.bottrap.robot SITE ADDRESS POLITE`.
It follows every link that it finds and prints what it met as one line of JSON.
"""

import json
import re
import sys
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.exceptions import CloseSpider
from scrapy.linkextractors import LinkExtractor

MOST = 120


class Robot(scrapy.Spider):
    name = "robot"

    def __init__(self, site: str, **kwargs):
        super().__init__(**kwargs)
        self.start_urls = [f"{site}/"]
        self.links = LinkExtractor(allow=re.escape(site))
        self.paths: list[str] = []
        self.is_refused = False

    def parse(self, response):
        self.paths.append(urlsplit(response.url).path)
        if response.status == 403:
            self.is_refused = True
            raise CloseSpider("refused")
        if isinstance(response, scrapy.http.HtmlResponse):
            for link in self.links.extract_links(response):
                yield response.follow(link, self.parse, errback=self.let_go)

    def let_go(self, failure):
        """What robots.txt forbade."""


def main(site: str, address: str, is_polite: bool) -> None:
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": is_polite,
            "ROBOTSTXT_USER_AGENT": "a-robot",
            "USER_AGENT": "a-robot/2.0",
            "DEFAULT_REQUEST_HEADERS": {"X-Forwarded-For": address},
            "CONCURRENT_REQUESTS": 1,
            "DOWNLOAD_DELAY": 0,
            "CLOSESPIDER_PAGECOUNT": MOST,
            "LOG_LEVEL": "ERROR",
            "HTTPERROR_ALLOW_ALL": True,
            "EXTENSIONS": {"scrapy.extensions.remote_control.RemoteControl": None},
            "TELNETCONSOLE_ENABLED": False,
            "RETRY_ENABLED": False,
        }
    )
    crawler = process.create_crawler(Robot)
    process.crawl(crawler, site=site)
    process.start()
    robot = crawler.spider
    print(json.dumps({"paths": robot.paths, "refused": robot.is_refused}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] == "polite")
