/* Shows what each mark of a chart says, and adds to long tables a field to find a row.
 * The page is complete without this script: each chart is a picture that was drawn when the site was built, its
 * figures are in the table below it, and the line of a mark is in the picture as data-tip.
 * It obeys script-src 'self'; style-src 'self' and works from file://, hence: a classic script and not a module,
 * no fetch, no eval, no HTML made from text, no style attribute (positions are set through element.style). */
(function () {
  'use strict';

  const NEAR = 24; // pixels: a finger covers more than a mark
  let tip = null; // one line: there is one pointer
  let told = null; // the mark that it is of

  function make(tag, attributes, text = '') {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.textContent = text;
    return element;
  }

  function hideTip() {
    if (tip) tip.hidden = true;
    if (told) told.classList.remove('told');
    told = null;
  }

  // The line goes above the mark, or below it where the window would cut it off.
  function showTip(mark) {
    if (mark === told) return;
    hideTip();
    if (!tip) {
      tip = make('div', { role: 'status', class: 'chart-tooltip' });
      document.body.append(tip);
    }
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    mark.classList.add('told');
    told = mark;
    tip.style.left = tip.style.top = '0'; // at an edge it would be squeezed, and measured so
    const { width, height } = tip.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const left = Math.min(Math.max(0, (at.left + at.right - width) / 2), Math.max(0, room - width));
    tip.style.left = left + 'px';
    tip.style.top = (at.top - height - 8 >= 0 ? at.top - height - 8 : at.bottom + 8) + 'px';
  }

  // Those of the drawing that is shown: of the other nothing has a place.
  const marksOf = (plot) => [...plot.querySelectorAll('[data-tip]')].filter((mark) => mark.getClientRects().length);

  function distance(mark, x, y) {
    const at = mark.getBoundingClientRect();
    return Math.hypot(Math.max(at.left - x, 0, x - at.right), Math.max(at.top - y, 0, y - at.bottom));
  }

  // The mark under the pointer, else the nearest one close by; of several as near the last, which lies on top.
  function findMark(plot, event) {
    const under = event.target.closest('[data-tip]');
    if (under) return under;
    let nearest = null;
    let least = NEAR;
    for (const mark of marksOf(plot)) {
      const away = distance(mark, event.clientX, event.clientY);
      if (away <= least) [nearest, least] = [mark, away];
    }
    return nearest;
  }

  // Where the keys lead: the next or the one before, the first and the last.
  const STEPS = {
    ArrowRight: (at) => at + 1, ArrowDown: (at) => at + 1, ArrowLeft: (at) => at - 1, ArrowUp: (at) => at - 1,
    Home: () => 0, End: () => Infinity
  };

  document.querySelectorAll('figure.chart .plot').forEach(function (plot) {
    if (!plot.querySelector('[data-tip]')) return;
    const caption = plot.closest('figure').querySelector('figcaption');
    plot.tabIndex = 0;
    plot.setAttribute('role', 'group');
    plot.setAttribute('aria-roledescription', 'chart; arrow keys read its values');
    if (caption) plot.setAttribute('aria-labelledby', caption.id);
    let place = -1;
    const point = function (event) {
      const mark = findMark(plot, event);
      if (mark) showTip(mark);
      else hideTip();
    };
    plot.addEventListener('pointermove', point);
    plot.addEventListener('pointerdown', point);
    plot.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') hideTip(); });
    plot.addEventListener('keydown', function (event) {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      const marks = marksOf(plot);
      place = Math.min(Math.max(step(place), 0), marks.length - 1);
      showTip(marks[place]);
    });
    plot.addEventListener('blur', function () {
      place = -1;
      if (told && plot.contains(told)) hideTip(); // a finger has put it on another chart by now
    });
  });
  // A tap elsewhere, a scrolled page and the key Escape put the line away: it would lie over what is read next.
  document.addEventListener('pointerdown', (event) => { if (!event.target.closest('.plot')) hideTip(); });
  document.addEventListener('scroll', hideTip, { passive: true });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hideTip(); });

  // A field above a long table that leaves the rows whose name holds what is typed.
  document.querySelectorAll('.findable').forEach(function (part) {
    const rows = [...part.querySelectorAll('tbody tr')];
    if (rows.length < 4) return;
    const label = make('label', {}, part.dataset.label);
    const field = make('input', { type: 'search', autocomplete: 'off' });
    const status = make('span', { role: 'status', class: 'note' });
    const box = make('div', { class: 'find' });
    label.append(field);
    box.append(label, status);
    part.prepend(box);
    field.addEventListener('input', function () {
      const asked = field.value.trim().toLowerCase();
      let found = 0;
      for (const row of rows) {
        row.hidden = !row.cells[0].textContent.toLowerCase().includes(asked);
        if (!row.hidden) found += 1;
      }
      status.textContent = asked ? found + ' of ' + rows.length : '';
    });
  });
})();

// The headings of a long page are beside it where there is room: unfolded there.
(function () {
  'use strict';
  const list = document.querySelector('.contents details');
  const isWide = window.matchMedia('(min-width: 76rem)');
  const unfold = () => { list.open = isWide.matches; };
  if (list) {
    unfold();
    isWide.addEventListener('change', unfold);
  }
})();

// The menu folds behind its button on a narrow window; without this script it is a plain list.
(function () {
  'use strict';
  const menu = document.querySelector('nav.menu');
  const button = menu && menu.querySelector('button');
  if (!button || menu.querySelectorAll('li').length < 2) return;
  function open(isOpen) {
    menu.classList.toggle('open', isOpen);
    button.setAttribute('aria-expanded', String(isOpen));
  }
  button.hidden = false;
  menu.classList.add('folds');
  button.addEventListener('click', () => open(button.getAttribute('aria-expanded') !== 'true'));
  menu.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) open(false);
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape' || !menu.classList.contains('open')) return;
    open(false);
    button.focus();
  });
  // On paper nothing is folded.
  const folded = [];
  window.addEventListener('beforeprint', () => document.querySelectorAll('main details:not([open])').forEach((part) => {
    folded.push(part);
    part.open = true;
  }));
  window.addEventListener('afterprint', () => folded.splice(0).forEach((part) => { part.open = false; }));
})();
