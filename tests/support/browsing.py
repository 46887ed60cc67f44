"""Pages opened in a real browser."""

from playwright.sync_api import Browser, Page


def open_page(browser: Browser, address: str, page: str, **settings: object) -> tuple[Page, list[str]]:
    """Open a page; the list fills with what went wrong: errors, refusals of the policy, requests elsewhere."""
    opened = browser.new_context(**settings).new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(f"error: {error}"))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda request: faults.append(request.url) if not request.url.startswith(address) else None)
    opened.goto(address + page)
    return opened, faults
