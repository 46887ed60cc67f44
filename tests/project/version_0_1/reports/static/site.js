/* Adds a button "Explore this chart" to every <figure class="chart">.
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
    if (!plot || !source) return;
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
  // WCAG 1.4.13: what appears on hover can be dismissed without moving the pointer.
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hideTip(); });
})();
