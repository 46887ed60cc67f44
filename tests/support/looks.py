"""What a page looks like in a real browser: opened once, and looked at in every light, width and way of reading."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, Page

from support.browsing import open_page
from support.processor import set_aside

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of the rules, those whose answer depends on the light and on the width.
SEEN = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
# Contrast must be resolved, not only unbroken: what axe cannot decide is a fault too. Pictures are hidden from it, and
# it reads no colour of SVG: CONTRAST below looks into them. Of the rules that hold only their number comes back.
RUN_AXE = """async rules => {
  const lookAgain = node => { // a cell that its table cuts in two is looked at where a reader would scroll it to
    const cell = document.querySelector(node.target[0]), box = cell.closest('.table');
    if (!box || box.scrollWidth <= box.clientWidth) return [node];
    looks = looks.then(async () => {
      cell.closest('th, td').scrollIntoView({block: 'nearest', inline: 'end'});
      const only = {type: 'rule', values: ['color-contrast']};
      const again = await axe.run(cell, {runOnly: only, resultTypes: ['violations', 'incomplete']});
      box.scrollLeft = 0;
      return [...again.violations, ...again.incomplete].flatMap(rule => rule.nodes);
    });
    return looks;
  };
  let looks = Promise.resolve();
  const only = {type: rules.includes('wcag2a') ? 'tag' : 'rule', values: rules};
  const found = await axe.run({exclude: [['.plot svg']]}, {runOnly: only, resultTypes: ['violations', 'incomplete']});
  const unsure = found.incomplete.filter(rule => rule.id === 'color-contrast');
  for (const rule of unsure) rule.nodes = (await Promise.all(rule.nodes.map(lookAgain))).flat();
  const broken = [...found.violations, ...unsure].flatMap(rule => rule.nodes.slice(0, 5).map(node =>
    [rule.id, node.html.slice(0, 90), (node.any[0] && node.any[0].message || '').slice(0, 90)]));
  return {passes: found.passes.length, broken};
}"""
# Every text of every picture against what is drawn under its middle: WCAG 2.2, contrast (minimum).
CONTRAST = """() => {
  const parse = text => {
    const found = /^rgba?\\(([^)]*)\\)/.exec(text);
    if (!found) return null;
    const [r, g, b, a = 1] = found[1].split(/[,\\s/]+/).filter(Boolean).map(Number);
    return [r, g, b, a];
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = colour => {
    const [r, g, b] = colour.slice(0, 3).map(part => part / 255)
      .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  const behind = node => {
    const under = [];
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour && colour[3] > 0) under.unshift(colour);
      if (colour && colour[3] === 1) break;
    }
    const blank = matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0, 1] : [255, 255, 255, 1];
    return under.reduce((sum, colour) => over(colour, sum), blank);
  };
  const seen = {texts: 0, dim: [], blank: []};
  for (const svg of document.querySelectorAll('.plot svg')) {
    if (!svg.getClientRects().length) continue;
    const name = svg.closest('figure') ? svg.closest('figure').id : 'svg', base = behind(svg);
    const drawn = [...svg.querySelectorAll('rect, path, circle, ellipse, polygon, line')].map(shape => {
      const style = getComputedStyle(shape), fill = parse(style.fill), line = parse(style.stroke);
      if (fill) fill[3] *= style.fillOpacity * style.opacity;
      if (line) line[3] *= style.strokeOpacity * style.opacity;
      return {shape, fill, line, box: shape.getBoundingClientRect()};
    });
    const shown = drawn.filter(({fill, line, box}) => (box.width || box.height) && box.width < 5000 &&
      [fill, line].some(colour => colour && colour[3] > 0 && ratio(over(colour, base), base) >= 3));
    if (!shown.length) seen.blank.push(name);
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect(), words = text.textContent.trim();
      if (!words || !box.width) continue;
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      let under = base;
      for (const {shape, fill, box: edge} of drawn) {
        if (!fill || fill[3] === 0 || !shape.isPointInFill) continue;
        if (text.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_FOLLOWING) break;
        if (x < edge.left || x > edge.right || y < edge.top || y > edge.bottom) continue;
        const place = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
        if (shape.isPointInFill(place)) under = over(fill, under);
      }
      const style = getComputedStyle(text), ink = parse(style.fill);
      if (!ink) continue;
      // An edge drawn under the letters, by the text itself or by the same text before it, is what they are read on.
      const edged = [...svg.querySelectorAll('text')].find(other => other.textContent === text.textContent &&
        parseFloat(getComputedStyle(other).strokeWidth) >= 3 && parse(getComputedStyle(other).stroke) &&
        Math.abs(other.getBoundingClientRect().x + other.getBoundingClientRect().width / 2 - x) < 4);
      if (edged) under = over(parse(getComputedStyle(edged).stroke), under);
      ink[3] *= style.opacity * style.fillOpacity;
      if (ink[3] === 0) continue; // a label that gave way to its neighbour
      seen.texts += 1;
      const found = ratio(over(ink, under), under);
      if (found < 4.5) seen.dim.push(`${name}: ${words.slice(0, 40)}: ${found.toFixed(1)}`);
    }
  }
  return seen;
}"""
# Buttons and fields that forced colours leave without an edge, an underline or a mark.
EDGELESS = """() => [...document.querySelectorAll('button, select, input')].filter(node => {
  if (!node.getClientRects().length) return false;
  const style = getComputedStyle(node);
  const edges = ['Top', 'Right', 'Bottom', 'Left'].some(side =>
    style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) >= 1);
  return !edges && style.textDecorationLine === 'none' && style.outlineStyle === 'none' && style.appearance === 'none';
}).map(node => node.outerHTML.slice(0, 90))"""
# On paper nothing scrolls: what reaches beyond its box or the sheet is cut; menus and buttons are of no use, but for
# those that are the heads of columns.
CUT = """width => [...document.querySelectorAll('main :is(.table, .plot, table, svg), nav a, button:not(.sort)')]
  .filter(node => {
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height) return false;
    if (node.matches('header nav a, button')) return true;
    if (node.matches('nav a')) return false;
    const scrolls = getComputedStyle(node).overflowX !== 'visible';
    return box.right > width + 1 || (scrolls && node.scrollWidth > node.clientWidth + 1);
  }).map(node => node.outerHTML.slice(0, 90))"""
# A wide table stays a table that scrolls in its own box, and the names of its rows stay in sight.
LOST_NAMES = """() => [...document.querySelectorAll('main .table')].filter(box => {
  const table = box.querySelector('table');
  if (!table || !box.getClientRects().length) return false;
  if (getComputedStyle(table).display !== 'table') return true;
  if (box.scrollWidth <= box.clientWidth) return false;
  const name = table.querySelector('tbody th');
  return getComputedStyle(box).overflowX !== 'auto' || !name || getComputedStyle(name).position !== 'sticky';
}).map(box => box.innerText.slice(0, 60))"""
# What is folded too. A cell beyond the edge of the window is within reach where a box around it scrolls to it, and the
# name of its row, which stays in sight, leaves it room.
OUT_OF_REACH = """() => {
  const folded = [...document.querySelectorAll('details:not([open])')];
  for (const part of folded) part.open = true;
  const edge = document.documentElement.clientWidth;
  const found = [...document.querySelectorAll('main :is(th, td)')].filter(cell => {
    const box = cell.getBoundingClientRect();
    if (!box.width || (box.right <= edge + 1 && box.left >= -1)) return false;
    const scrolls = cell.closest('.table');
    if (!scrolls || getComputedStyle(scrolls).overflowX !== 'auto') return true;
    const most = scrolls.scrollWidth - scrolls.clientWidth;
    const name = cell.closest('table').querySelector('tbody th');
    const room = scrolls.clientWidth - (name ? name.getBoundingClientRect().width : 0);
    return box.right - most > scrolls.getBoundingClientRect().right + 1 || box.width > room;
  }).map(cell => cell.closest('table').caption.innerText.slice(0, 40) + ': ' + cell.innerText.slice(0, 40));
  for (const part of folded) part.open = false;
  return [...new Set(found)];
}"""
# The shadows at the edges of a table leave axe no colour to compare with.
PLAIN = ".table { background-image: none !important }"
STATES = ((390, "light", RULES), (390, "dark", SEEN), (1280, "dark", RULES), (1280, "light", SEEN))
TOP = "document.querySelector('h1').getBoundingClientRect().top + scrollY"
# Remembers what has had the focus, and whether it showed.
WATCH = """() => {
  window.reached = new Set(); window.unseen = [];
  document.addEventListener('focusin', event => {
    const at = event.target, style = getComputedStyle(at);
    window.reached.add(at);
    const shows = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    if (!shows) window.unseen.push(at.outerHTML.slice(0, 90));
  });
}"""
# Of tabs and of the marks of a chart the keyboard stops at one; arrows lead on.
CONTROLS = ":is(a[href], button, select, input, summary, [tabindex='0']):not([tabindex='-1'])"


@dataclass
class Look:
    """What was seen of one page."""

    breaches: list[Any] = field(default_factory=list)  # of the rules of access, with the light and width
    passes: int = 0
    texts: int = 0  # in pictures
    dim: list[str] = field(default_factory=list)  # of them, those too faint
    edgeless: list[str] = field(default_factory=list)  # controls in forced colours
    blank: list[str] = field(default_factory=list)  # pictures in forced colours
    wide: dict[int, int] = field(default_factory=dict)  # width of the window → of the page, where it is more
    title: float = 0.0  # top of the title on a phone
    title_zoomed: float = 0.0  # at 400%
    lost_names: list[str] = field(default_factory=list)
    out_of_reach: list[str] = field(default_factory=list)  # cells of tables on a phone
    cut: list[str] = field(default_factory=list)
    tree: str = ""  # the accessibility tree on a phone


@cache
def look(browser: Browser, address: str, page: str) -> Look:
    """Look at a page; once, for every test that asks."""
    with set_aside():
        return _look(browser, address, page)


def _look(browser: Browser, address: str, page: str) -> Look:
    phone = {"width": 390, "height": 844}
    opened, _ = open_page(browser, address, page, viewport=phone, color_scheme="light", bypass_csp=True)
    seen = Look(title=opened.evaluate(TOP), lost_names=opened.evaluate(LOST_NAMES))
    seen.out_of_reach = opened.evaluate(OUT_OF_REACH)
    seen.tree = opened.locator("body").aria_snapshot()
    opened.evaluate(AXE)
    opened.add_style_tag(content=PLAIN)
    for width, scheme, rules in STATES:
        _resize(opened, width, 844)
        opened.emulate_media(color_scheme=scheme)
        found = opened.evaluate(RUN_AXE, rules)
        seen.passes = max(seen.passes, found["passes"])
        seen.breaches += [(width, scheme, *breach) for breach in found["broken"]]
        pictures = opened.evaluate(CONTRAST)
        seen.texts += pictures["texts"]
        seen.dim += [f"{width} {scheme} {text}" for text in pictures["dim"]]
    for width, height in ((320, 256), (1280, 844), (2560, 844)):
        _resize(opened, width, height)
        if (found := opened.evaluate("document.documentElement.scrollWidth")) > width:
            seen.wide[width] = found
        if width == 320:
            seen.title_zoomed = opened.evaluate(TOP)
    _resize(opened, 390, 844)
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme, forced_colors="active")
        pictures = opened.evaluate(CONTRAST)
        seen.dim += [f"forced {scheme} {text}" for text in pictures["dim"]]
        seen.blank += pictures["blank"]
    seen.edgeless = opened.evaluate(EDGELESS)
    _resize(opened, 718, 1000)  # A4 within its margins
    opened.emulate_media(media="print", forced_colors="none", color_scheme="light")
    seen.cut = opened.evaluate(CUT, 718)
    opened.context.close()
    return seen


def _resize(opened: Page, width: int, height: int) -> None:
    if opened.viewport_size != {"width": width, "height": height}:
        opened.set_viewport_size({"width": width, "height": height})
