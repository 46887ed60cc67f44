"""The boxes of the texts in charts, as a browser sets them."""

from playwright.sync_api import Page

# Each drawing at the size it was drawn at, whichever the window would show.
SHOW_BOTH = ".plot > svg { display: block !important; width: auto !important; max-width: none !important; }"
# Texts that meet, that leave their drawing, and that are too small to read. A text on a white edge is there twice.
LOOK = """([least, slack]) => [...document.querySelectorAll('.plot > svg, body > svg')].flatMap(svg => {
  const name = svg.closest('figure')?.id + ' ' + svg.getAttribute('class');
  const around = svg.getBoundingClientRect();
  const seen = new Map();
  for (const text of svg.querySelectorAll('text')) {
    const box = text.getBoundingClientRect();
    if (!text.textContent.trim() || getComputedStyle(text).stroke !== 'none' || !box.width) continue;
    const upright = box.height > box.width;
    seen.set(text, {
      left: box.left + slack, right: box.right - slack, top: box.top + (upright ? slack : 2 * slack),
      bottom: box.bottom - (upright ? slack : 2 * slack), said: text.textContent,
      small: parseFloat(getComputedStyle(text).fontSize) < least,
    });
  }
  const boxes = [...seen.values()];
  const found = [];
  boxes.forEach((one, place) => {
    if (one.small) found.push(`${name}: small: ${one.said}`);
    if (one.left < around.left - 1 || one.right > around.right + 1 || one.top < around.top - 1
      || one.bottom > around.bottom + 1) found.push(`${name}: outside: ${one.said}`);
    for (const other of boxes.slice(place + 1)) {
      if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
        found.push(`${name}: ${one.said} meets ${other.said}`);
    }
  });
  return found;
})"""
SMALLEST, SLACK = 11, 1


def find_collisions(page: Page) -> list[str]:
    """Name what is wrong with the texts of every chart on a page, at both widths."""
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        SHOW_BOTH,
    )
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found: list[str] = page.evaluate(LOOK, [SMALLEST, SLACK])
    return found
