/* The page Explore: picks one view out of the rates that the page holds, in words and digits as they were
 * printed when the site was built. It makes no figure of its own. The choice stands behind the # of the
 * address, so that a view can be sent to somebody. Obeys the same policy as site.js. */
(function () {
  'use strict';

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const form = document.getElementById('choices');
  if (!form) return;
  const selects = [...form.querySelectorAll('select')];
  const chosen = Object.fromEntries(selects.map((select) => [select.name, select]));
  const views = read('explored-views');
  const words = read('explored-words');
  const said = document.getElementById('explored-said');
  const figure = document.getElementById('fig-explored');
  const spec = JSON.parse(figure.querySelector('.chart-spec').textContent);
  const caption = document.querySelector('#cap-explored span');
  const table = document.querySelector('#cap-explored').closest('table');
  const [ROW, COUNTED, RATE, DETAIL, MARK, VALUE, LOWER, UPPER, DRAWN, FILLED] = Array(10).keys();
  const PRINTED_MARKS = ['[u]', '[e]', '[i]']; // the others stand in the place of a rate
  const STEP = 34;
  let view = null; // the Vega view, once there is one
  let wanted = 0; // a later choice overtakes an earlier one that is still being drawn

  function make(tag, text, attributes) {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const name in attributes || {}) element.setAttribute(name, attributes[name]);
    return element;
  }

  const titleOf = (name) => chosen[name].selectedOptions[0].textContent;

  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const select of selects) {
      const value = asked.get(select.name);
      if ([...select.options].some((option) => option.value === value)) select.value = value;
    }
  }

  function writeAddress() {
    const choice = new URLSearchParams(selects.map((select) => [select.name, select.value]));
    try {
      history.replaceState(null, '', '#' + choice);
    } catch (error) {
      location.hash = choice; // some browsers refuse the first for a page opened as a file
    }
  }

  // The rows of the view: name and rate, in the order of the form.
  function pick() {
    const at = (name) => chosen[name].value;
    const types = ((views[at('measure')] || {})[at('period')] || {})[at('basis')] || {};
    if (at('by') === 'group') {
      const groups = types[at('type')] || {};
      return Object.keys(words.groups).filter((group) => groups[group]).map((group) => [words.groups[group], groups[group]]);
    }
    return Object.keys(words.types).filter((type) => types[type] && types[type][at('group')])
      .map((type) => [words.types[type], types[type][at('group')]]);
  }

  function cell(text, row, column) {
    const td = make('td', '', { class: 'number' });
    if (/\d/.test(text)) td.append(make('data', text, { value: text, 'data-at': 'estimates:' + row + ':' + column }));
    else td.textContent = text;
    return td;
  }

  function showTable(rows, title) {
    const measure = chosen.measure.value;
    const head = table.tHead.rows[0].cells;
    head[0].textContent = chosen.by.value === 'group' ? 'Ethnic group' : 'Type of search';
    head[1].textContent = words.counted[measure];
    head[2].textContent = words.is_share[measure] ? 'Rate' : 'Rate per 1,000 residents a year';
    caption.textContent = title;
    table.tBodies[0].replaceChildren(...rows.map(([name, rate]) => {
      const tr = make('tr', '');
      const shown = cell(rate[RATE], rate[ROW], 'value');
      if (PRINTED_MARKS.includes(rate[MARK])) shown.append(' ', make('span', rate[MARK], { class: 'mark' }));
      if (rate[DETAIL]) shown.append(' ', make('small', rate[DETAIL]));
      tr.append(make('th', name, { scope: 'row' }), cell(rate[COUNTED], rate[ROW], 'numerator'), shown);
      return tr;
    }));
  }

  async function showChart(rows) {
    const turn = ++wanted;
    const drawn = rows.filter(([, rate]) => rate[VALUE] !== null || rate[UPPER] !== null);
    const plot = figure.querySelector('.plot');
    if (!drawn.length) {
      plot.replaceChildren(make('p', 'There is nothing to draw: the table says why.', { class: 'note' }));
      return;
    }
    const vega = await window.disparityLoadVega();
    if (turn !== wanted) return;
    const box = make('div', '', { 'aria-hidden': 'true' }); // the table says the same
    const next = new vega.View(vega.parse(fill(drawn), null, { ast: true }), {
      expr: vega.expressionInterpreter, renderer: 'svg', container: box
    });
    next.error = function (error) { throw error; };
    await next.runAsync();
    if (turn !== wanted) return next.finalize();
    if (view) view.finalize();
    view = next;
    box.querySelectorAll('[aria-roledescription], [role]').forEach(function (part) {
      ['aria-roledescription', 'role', 'aria-label'].forEach((name) => part.removeAttribute(name));
    });
    plot.replaceChildren(box);
  }

  // The chart of the page with other values: the same scales as when the site was built.
  function fill(drawn) {
    const isShare = words.is_share[chosen.measure.value];
    const filled = structuredClone(spec);
    const largest = Math.max(...drawn.map(([, rate]) => rate[UPPER] || rate[VALUE] || 0)) || 1;
    const names = drawn.map(([name]) => name);
    filled.data[0].values = drawn.map(([name, rate]) => ({
      group: name, type: '', value: rate[VALUE], lower: rate[LOWER], upper: rate[UPPER],
      label: rate[RATE].startsWith('[') ? '' : rate[RATE], drawn: rate[DRAWN], filled: rate[FILLED]
    }));
    filled.height = STEP * drawn.length;
    for (const scale of filled.scales) {
      if (scale.name === 'x') scale.domain = [0, isShare ? Math.min(largest * 1.35, 1.3) : largest * 1.25];
      if (scale.name === 'y') scale.domain = names;
    }
    for (const axis of filled.axes) {
      if (axis.scale !== 'x' || !axis.title) continue;
      axis.title = isShare ? 'Share of searches' : 'Searches per 1,000 residents a year';
      axis.format = isShare ? '%' : ',~r';
      for (const part of Object.values(axis.encode || {})) delete part.text;
    }
    return filled;
  }

  function show() {
    const byGroup = chosen.by.value === 'group';
    form.querySelector('[data-choice="type"]').hidden = !byGroup;
    form.querySelector('[data-choice="group"]').hidden = byGroup;
    const of = byGroup ? titleOf('type') : titleOf('group');
    const title = titleOf('measure') + ', ' + titleOf('period').toLowerCase().replace(/\b(january|february|march|april|may|june|july|august|september|october|november|december)\b/g,
      (month) => month[0].toUpperCase() + month.slice(1));
    const rows = pick();
    figure.querySelector('.take').hidden = true; // its files are of the first view
    figure.querySelector('figcaption strong').textContent = titleOf('measure');
    figure.querySelector('figcaption span').textContent = [of, 'ethnicity: ' + titleOf('basis').toLowerCase(), title.split(', ').slice(1).join(', '), '95% confidence intervals'].join(' · ');
    const residents = words.is_share[chosen.measure.value] ? '' : words.residents[chosen.period.value];
    let base = figure.querySelector('.source');
    if (residents && !base) {
      base = make('p', '', { class: 'source' });
      figure.querySelector('.take').before(base);
    }
    if (base) { base.textContent = residents ? residents + '.' : ''; base.hidden = !residents; }
    showTable(rows, title + ' · ' + of);
    said.textContent = title + ', ' + of + ': ' + rows.length + (rows.length === 1 ? ' row' : ' rows');
    return showChart(rows);
  }

  form.hidden = false;
  form.addEventListener('change', function () { writeAddress(); show(); });
  window.addEventListener('hashchange', function () { readAddress(); show(); });
  readAddress();
  if (location.hash.length > 1) show();
  else { form.querySelector('[data-choice="group"]').hidden = true; }
})();
