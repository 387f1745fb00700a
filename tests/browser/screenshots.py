"""The pictures in docs/screenshots, of the demo ISP: run script/server, then `python -m tests.browser.screenshots`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM

HOTLINE, PASSWORD = "hotline@roguelink.example", "fish-the-rogue"
FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 820}, {"width": 390, "height": 820}


def take(page: Page, name: str, path: str = "") -> None:
    """One picture, of the page at `path` or of what is there."""
    if path:
        page.goto(path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


def main(base_url: str) -> None:
    """Sign in as the hotline and go round."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=base_url, viewport=WIDE)
        page.goto("/")
        page.fill("input[name=login]", HOTLINE)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{base_url}/")
        take(page, "overview")
        page.keyboard.press("/")
        page.keyboard.type("541-555-01")
        page.locator("#search-results a").first.wait_for()
        take(page, "search")
        take(page, "customers", "/customers/")
        take(page, "mailboxes", "/mailboxes/")
        page.goto("/domains/?q=grantspassfeed")
        page.get_by_role("link", name="grantspassfeed.example").click()
        take(page, "domain")
        page.locator("td a").first.click()
        take(page, "mailbox")
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(NARROW)
        take(page, "mailbox-phone-dark", page.url)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
