/* Adds a button "Explore this chart" to every <figure class="chart">, and a field to find a row to long tables.
 * The page is complete without this script: each chart is an SVG drawn when the site was built. The
 * button loads vega_csp.js and draws the chart again, with tooltips, from the spec held in the page.
 * It obeys script-src 'self'; style-src 'self'; connect-src 'none' and works from file://, hence: a
 * classic script and not a module, no fetch, no eval (Vega's expressions are interpreted), no HTML
 * made from text, no style attribute (positions are set through element.style). */
(function () {
  'use strict';

  const BUNDLE = new URL('vega_csp.js', document.currentScript.src).href; // lies beside this file
  const EXPLORE = 'Explore this chart';
  const BACK = 'Back to the static chart';
  const FAILED = 'This chart could not be made interactive';
  let loading = null; // one promise: the bundle is loaded once, and not before a press
  let tip = null; // one tooltip: there is one pointer

  function make(tag, attributes, text = '') {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.textContent = text;
    return element;
  }

  function loadVega() {
    loading = loading || new Promise(function (resolve, reject) {
      const script = make('script', { src: BUNDLE });
      script.onload = () => resolve(window.vega);
      script.onerror = () => reject(new Error('not loaded: ' + BUNDLE));
      document.head.append(script);
    });
    loading.catch(() => { loading = null; }); // so that a later press tries again
    return loading;
  }

  window.disparityLoadVega = loadVega; // explore.js draws with the same bundle

  const hideTip = () => { if (tip) tip.hidden = true; };

  // Vega calls this as the pointer enters, crosses and leaves a mark. The value is null on leaving,
  // else an object of field titles and texts, or a single text.
  function showTip(handler, event, item, value) {
    if (value === null || value === undefined || value === '') return hideTip();
    if (!tip) {
      tip = make('div', { role: 'tooltip', class: 'chart-tooltip' });
      tip.style.position = 'fixed';
      document.body.append(tip);
    }
    const entries = typeof value === 'object' ? Object.entries(value) : [['', value]];
    tip.replaceChildren(...entries.map(([key, text]) => make('div', {}, (key ? key + ': ' : '') + text)));
    tip.hidden = false;
    // Beside the pointer, or on its other side where the window would cut it off.
    const beside = (at, size, room) => Math.max(0, at + 12 + size <= room ? at + 12 : at - 12 - size) + 'px';
    tip.style.left = tip.style.top = '0'; // at an edge it would be squeezed, and measured so
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = beside(event.clientX, width, document.documentElement.clientWidth);
    tip.style.top = beside(event.clientY, height, document.documentElement.clientHeight);
  }

  // The static picture's accessible name, read while its own <title> is still in the page.
  function nameOf(svg) {
    const ids = (svg.getAttribute('aria-labelledby') || '').split(' ');
    const texts = ids.map((id) => (document.getElementById(id) || { textContent: '' }).textContent.trim());
    return texts.join(' ').trim() || svg.getAttribute('aria-label') || 'Chart';
  }

  // Draws outside the page, so that a failure leaves the static chart where it is.
  async function draw(vega, spec, name) {
    const box = make('div', { class: 'chart-live' });
    const view = new vega.View(vega.parse(spec, null, { ast: true }), {
      expr: vega.expressionInterpreter, renderer: 'svg', container: box, hover: true, tooltip: showTip
    });
    view.error = function (error) { throw error; }; // Vega would only log it
    await view.runAsync();
    box.removeAttribute('aria-roledescription'); // one picture with one name, like the static one
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', name);
    return { box, view };
  }

  document.querySelectorAll('figure.chart').forEach(function (figure) {
    const plot = figure.querySelector('.plot');
    const source = figure.querySelector('script.chart-spec');
    if (!plot || !source || figure.id === 'fig-explored') return; // that one is explore.js's
    const still = [...plot.childNodes]; // the static picture, kept to be put back
    const button = make('button', { type: 'button', class: 'chart-explore' }, EXPLORE);
    const status = make('span', { role: 'status', class: 'chart-status' });
    const caption = figure.querySelector('figcaption'); // all buttons read alike: tie each to its chart
    if (caption) button.setAttribute('aria-describedby', caption.id || (caption.id = figure.id + '-caption'));
    plot.after(make('div', { class: 'chart-actions' }));
    plot.nextElementSibling.append(button, status);
    let live = null; // the Vega view while the chart is interactive
    let busy = false;
    button.addEventListener('click', async function () {
      if (busy) return; // a second press while the bundle is on its way
      busy = true;
      status.textContent = '';
      try {
        if (live) {
          live.finalize(); // drops its listeners
          live = null;
          hideTip();
          plot.replaceChildren(...still);
        } else {
          const name = nameOf(plot.querySelector('svg'));
          const drawn = await draw(await loadVega(), JSON.parse(source.textContent), name);
          plot.replaceChildren(drawn.box);
          live = drawn.view;
        }
        button.textContent = live ? BACK : EXPLORE;
      } catch (error) {
        status.textContent = FAILED;
      }
      busy = false;
    });
  });
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
  // WCAG 1.4.13: what appears on hover can be dismissed without moving the pointer.
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hideTip(); });
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
