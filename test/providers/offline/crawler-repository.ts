/** A small web crawler in Python. */
export const crawlerRepository: Readonly<Record<string, string>> = {
  'pyproject.toml': `[project]
name = "crawler"
version = "0.4.1"
dependencies = ["httpx>=0.27"]

[tool.pytest.ini_options]
testpaths = ["tests"]
`,
  'README.md': `# Crawler

Crawls pages politely. It waits between two requests to the same host and obeys robots rules.
Results are written to a file. The number of workers is configurable.
`,
  'crawler/__init__.py': '',
  'crawler/__main__.py': `import argparse
import asyncio

from .engine import Engine
from .settings import Settings


def main(argv=None):
    parser = argparse.ArgumentParser(prog="crawler")
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--workers", type=int, default=4, help="pages fetched at once")
    parser.add_argument("--max-depth", type=int, default=3)
    parser.add_argument("--output", default="pages.jsonl")
    args = parser.parse_args(argv)
    settings = Settings(workers=args.workers, max_depth=args.max_depth, output=args.output)
    asyncio.run(Engine(settings).crawl(args.urls))


if __name__ == "__main__":
    main()
`,
  'crawler/settings.py': `from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    workers: int = 4
    max_depth: int = 3
    output: str = "pages.jsonl"
    user_agent: str = "crawler/0.4 (+https://example.org/bot)"
    timeout_seconds: float = 15.0
    delay_seconds: float = 1.0
`,
  'crawler/engine.py': `import asyncio

from .fetch import fetch_page
from .frontier import Frontier
from .links import extract_links
from .writer import ResultWriter


class Engine:
    """Runs the workers until the frontier is empty."""

    def __init__(self, settings):
        self.settings = settings
        self.frontier = Frontier(settings.max_depth)

    async def crawl(self, urls):
        for url in urls:
            self.frontier.add(url, depth=0)
        with ResultWriter(self.settings.output) as writer:
            await asyncio.gather(*(self._work(writer) for _ in range(self.settings.workers)))

    async def _work(self, writer):
        while (entry := self.frontier.pop()) is not None:
            url, depth = entry
            page = await fetch_page(url, self.settings)
            if page is None:
                continue
            writer.write(page)
            for link in extract_links(page):
                self.frontier.add(link, depth + 1)
`,
  'crawler/frontier.py': `from collections import deque
from urllib.parse import urldefrag


class Frontier:
    """The pages still to visit. A page that was seen once is never visited again."""

    def __init__(self, max_depth):
        self.max_depth = max_depth
        self._queue = deque()
        self._seen = set()

    def add(self, url, depth):
        url, _ = urldefrag(url)
        if depth > self.max_depth or url in self._seen:
            return False
        self._seen.add(url)
        self._queue.append((url, depth))
        return True

    def pop(self):
        return self._queue.popleft() if self._queue else None
`,
  'crawler/fetch.py': `import httpx

from .politeness import wait_for_turn
from .robots import is_allowed

MAX_REDIRECTS = 5


async def fetch_page(url, settings):
    """The page at an address, or None when it may not or cannot be fetched."""
    if not await is_allowed(url, settings.user_agent):
        return None
    await wait_for_turn(url, settings.delay_seconds)
    headers = {"User-Agent": settings.user_agent}
    async with httpx.AsyncClient(timeout=settings.timeout_seconds, max_redirects=MAX_REDIRECTS) as client:
        response = await client.get(url, headers=headers, follow_redirects=True)
    if response.status_code >= 400:
        return None
    return {"url": str(response.url), "html": response.text}
`,
  'crawler/politeness.py': `import asyncio
import time
from urllib.parse import urlsplit

_last_visit = {}


async def wait_for_turn(url, delay_seconds):
    """Waits until enough time has passed since the last request to the same host."""
    host = urlsplit(url).hostname
    pause = _last_visit.get(host, 0) + delay_seconds - time.monotonic()
    if pause > 0:
        await asyncio.sleep(pause)
    _last_visit[host] = time.monotonic()
`,
  'crawler/robots.py': `from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

_rules = {}


async def is_allowed(url, user_agent):
    host = urlsplit(url).netloc
    if host not in _rules:
        parser = RobotFileParser(urljoin(url, "/robots.txt"))
        parser.read()
        _rules[host] = parser
    return _rules[host].can_fetch(user_agent, url)
`,
  'crawler/links.py': `import re
from urllib.parse import urljoin

HREF = re.compile(r'href="([^"#]+)"', re.IGNORECASE)


def extract_links(page):
    return [urljoin(page["url"], target) for target in HREF.findall(page["html"])]
`,
  'crawler/writer.py': `import json


class ResultWriter:
    """Appends one JSON object a line."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self._file = open(self.path, "a", encoding="utf-8")
        return self

    def write(self, page):
        self._file.write(json.dumps(page) + "\\n")

    def __exit__(self, *exc):
        self._file.close()
`,
  'tests/test_frontier.py': `from crawler.frontier import Frontier


def test_page_is_visited_only_once():
    frontier = Frontier(max_depth=3)
    assert frontier.add("http://a/", 0)
    assert not frontier.add("http://a/", 1)


def test_maximum_depth_of_links():
    assert not Frontier(max_depth=1).add("http://a/", 2)
`,
};
