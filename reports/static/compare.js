/* Compares forces: picks one view out of the rates of data/compare.js (on the page of all forces, out of those that
 * the page holds), in the words and digits in which they were printed. It makes no figure of its own. The choice is
 * behind the # of the address, so that a view can be sent to somebody. Without this script the page shows its first
 * view. It obeys script-src 'self'; style-src 'self' and works from file://: no fetch, no eval, no HTML out of text. */
(function () {
  'use strict';

  const root = document.getElementById('comparison');
  if (!root) return;
  const inline = document.getElementById('comparison-data');
  const data = inline ? JSON.parse(inline.textContent) : window.disparityComparison;
  if (!data) return;

  const RATIO = 'search_rate_ratio';
  const MOST = 6; // forces side by side: more rows than that are a list and no comparison
  const SVG = 'http://www.w3.org/2000/svg';
  const INK = '#1b1f23', SOFT = '#50575e', LINE = '#d3d8dd', BLUE = '#12436d', LIGHT = '#b9cfe4';
  const SHADES = ['#6bace6', '#2073bc', '#12436d'], EMPTY = '#e3e5e6', UNSURE = '#f0dfb4';
  const MAP = { width: 455, height: 500 };
  const isNation = Boolean(inline);
  const ids = data.forces.map(([id]) => id);
  const nameOf = Object.fromEntries(data.forces);
  const view = root.querySelector('.view');
  const status = make('p', { class: 'hidden', role: 'status' });
  let state = null;

  // Elements

  function make(tag, attributes, text) {
    const element = document.createElement(tag);
    for (const name in attributes || {}) element.setAttribute(name, attributes[name]);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function draw(parent, tag, attributes, text) {
    const element = document.createElementNS(SVG, tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  }

  const toNumber = (text) => Number(text.replace(/[,%]/g, ''));

  // Data: measure, period, basis, type, group, force

  function leafOf(s, changes) {
    const at = { ...s, ...changes };
    return [at.measure, at.period, at.basis, at.type, at.group].reduce((place, key) => (place || {})[key], data.views);
  }

  function cellOf(s, force, changes) {
    const leaf = leafOf(s, changes);
    const text = typeof leaf === 'string' ? leaf : (leaf || [])[ids.indexOf(force)] || '';
    if (!text || text.startsWith('[')) return { missing: text || '[x]' };
    const [row, counted = '', value = '', lower = '', upper = '', from = '', to = '', mark = '', verdict = ''] = text.split('|');
    const isRatio = (changes && changes.measure || s.measure) === RATIO;
    return { row, counted, value, lower, upper, from, to, mark, verdict, isRatio, isBounds: /bounds|\[e\]/.test(mark) };
  }

  // Whether some force that is chosen has a figure below a choice; else the mark that says why.
  const ORDER = ['measure', 'period', 'basis', 'type', 'group'];

  function lookBelow(place, forces) {
    if (place === undefined) return { holds: false, why: '' };
    if (typeof place === 'string') return { holds: false, why: place };
    const below = Array.isArray(place)
      ? forces.map((force) => place[ids.indexOf(force)] || '').map((cell) => ({ holds: cell !== '' && !cell.startsWith('['), why: cell.startsWith('[') ? cell : '' }))
      : Object.values(place).map((each) => lookBelow(each, forces));
    return { holds: below.some((each) => each.holds), why: (below.find((each) => each.why) || { why: '' }).why };
  }

  // The places that a choice leaves open: rows by group or by type go through all of them.
  function look(s, name, value) {
    const known = { ...s, [name]: value };
    const fixed = ORDER.slice(0, ORDER.indexOf(name) + 1);
    if (s.by === 'type' && name === 'group') fixed.splice(fixed.indexOf('type'), 1);
    let places = [data.views];
    for (const key of ORDER) {
      const isFixed = fixed.includes(key) && !(key === 'type' && s.by === 'type') && !(key === 'group' && s.by === 'group');
      places = places.flatMap((place) => (place === undefined || typeof place !== 'object' || Array.isArray(place)) ? [place]
        : isFixed ? [place[known[key]]] : Object.values(place));
    }
    const found = places.map((place) => lookBelow(place, s.forces));
    return { holds: found.some((each) => each.holds), why: (found.find((each) => each.why) || { why: '' }).why };
  }

  function listChoices() {
    const bys = { force: 'force', group: 'ethnic group', type: 'type of search' };
    if (ids.length < 2) delete bys.force;
    return {
      measure: ['What is compared', data.measures],
      period: ['Period', data.periods],
      basis: ['Ethnicity', data.bases],
      by: ['A row for each', bys],
      type: ['Type of search', data.types],
      group: ['Ethnic group', data.groups],
      sort: ['Order', { name: 'as listed', high: 'highest first', low: 'lowest first' }]
    };
  }

  function first(s, name) {
    const options = Object.keys(listChoices()[name][1]);
    return options.find((value) => look(s, name, value).holds) || options[0];
  }

  // Leaves no choice that nothing would be drawn of.
  function settle(asked) {
    const s = { measure: '', period: '', basis: '', type: 'All', group: '', sort: 'name', by: ids.length < 2 ? 'group' : 'force', forces: [], ...asked };
    for (const name of ['measure', 'period', 'basis', 'type', 'group']) {
      if ((name === 'type' && s.by === 'type') || (name === 'group' && s.by === 'group')) continue;
      const isAsked = s[name] in listChoices()[name][1];
      if (!isAsked || !look(s, name, s[name]).holds) {
        const liked = name === 'group' ? ['Black', 'All'] : name === 'type' ? ['All'] : [];
        s[name] = liked.find((value) => look(s, name, value).holds) || first(s, name);
      }
    }
    return s;
  }

  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const given = {};
    for (const [name, [, options]] of Object.entries(listChoices())) {
      if (asked.get(name) in options) given[name] = asked.get(name);
    }
    const forces = (asked.get('forces') || '').split(',').filter((force) => ids.includes(force));
    if (forces.length) given.forces = [...new Set(forces)].slice(0, MOST);
    return given;
  }

  function writeAddress() {
    const kept = Object.keys(listChoices()).filter((name) => !isNation || ['measure', 'group', 'sort'].includes(name));
    const pairs = kept.map((name) => [name, state[name]]);
    if (!isNation) pairs.push(['forces', state.forces.join(',')]);
    const address = '#' + new URLSearchParams(pairs).toString().replace(/%2C/g, ',');
    try {
      history.replaceState(null, '', address);
    } catch (error) {
      location.hash = address; // some browsers refuse the first for a page opened as a file
    }
  }

  // The view: rows with a name and a cell, and what they are of

  function listRows(s) {
    const keys = s.by === 'force' ? [''] : Object.keys(s.by === 'group' ? data.groups : data.types);
    const rows = keys.flatMap((key) => s.forces.map((force) => {
      const changes = key ? { [s.by]: key } : {};
      const cell = cellOf(s, force, changes);
      const title = key ? (s.by === 'group' ? data.groups : data.types)[key] : '';
      const name = [title, !key || s.forces.length > 1 ? nameOf[force] : ''].filter(Boolean).join(', ');
      return { name, force, cell, changes, group: s.by === 'group' ? key : s.group };
    }));
    const shown = rows.filter((row) => s.by === 'force' || !row.cell.missing || row.cell.missing === '[c]');
    if (s.sort === 'name') return shown;
    const place = (row) => row.cell.value ? toNumber(row.cell.value) : NaN;
    const sign = s.sort === 'high' ? -1 : 1;
    return shown.map((row, at) => [row, at]).sort(([a, i], [b, j]) => {
      const [one, other] = [place(a), place(b)];
      if (isNaN(one) || isNaN(other)) return isNaN(one) - isNaN(other) || i - j;
      return sign * (one - other) || i - j;
    }).map(([row]) => row);
  }

  const isShare = (s) => data.shares.includes(s.measure);
  const unitOf = (s) => s.measure === RATIO ? 'times the rate of White people' : isShare(s) ? 'share of searches' : 'searches per 1,000 residents a year';

  function titleOf(s) {
    const named = data.measures[s.measure], group = s.by === 'group' || s.group === 'All' ? '' : data.groups[s.group];
    if (group && s.measure === RATIO) return group + ': ' + named[0].toLowerCase() + named.slice(1);
    return named + (group && ': ' + group);
  }

  function subtitleOf(s) {
    const type = s.by === 'type' ? 'Each type of search' : data.types[s.type];
    return [type, 'ethnicity ' + data.bases[s.basis].toLowerCase(), data.periods[s.period]].join(' · ') + '. Thin bars: 95% confidence intervals' +
      (s.measure === RATIO ? '; broad bars: the range' : '') + '.';
  }

  const sourceOf = (s) => [isShare(s) ? '' : data.residents[s.period], data.source, data.marking].filter(Boolean).join('. ');
  const rangeOf = (cell) => cell.isRatio ? (cell.from && cell.to ? cell.from + ' to ' + cell.to : '') : cell.lower && cell.upper ? cell.lower + ' to ' + cell.upper : '';
  const bothRates = (s, row) => [row.group, data.reference].map((group) => cellOf(s, row.force, { ...row.changes, measure: 'search_rate', group }));

  function tellOf(s, row) {
    const cell = row.cell;
    if (cell.missing) return row.name + ': ' + data.reasons[cell.missing];
    const lines = [row.name + ': ' + (cell.value || (rangeOf(cell) + ' (bounds)')) + (cell.isRatio ? ' times the rate' : '')];
    if (cell.value && rangeOf(cell)) lines.push((cell.isBounds ? 'bounds ' : cell.isRatio ? 'range ' : '95% interval ') + rangeOf(cell));
    if (cell.counted) lines.push(cell.counted + ' ' + (data.counted[s.measure] || 'searches').toLowerCase());
    if (cell.isRatio) {
      const [own, other] = bothRates(s, row);
      if (own.value && other.value) lines.push(own.value + ' and ' + other.value + ' searches per 1,000 residents, from ' + own.counted + ' and ' + other.counted + ' searches');
      if (cell.verdict) lines.push(cell.verdict);
    }
    if (isNation) lines.push('Press Enter, or tap again, for its findings');
    return lines.join('\n');
  }

  // The table

  function figure(cell, text, column, isSmall) {
    const table = cell.isRatio ? 'comparisons' : 'estimates';
    const parts = text.split(/ to /);
    const place = make(isSmall ? 'small' : 'span');
    parts.forEach((part, at) => {
      if (at) place.append(' to ');
      place.append(make('data', { value: part, 'data-at': [table, cell.row, [].concat(column)[at]].join(':') }, part));
    });
    return place;
  }

  function valueCell(cell) {
    const td = make('td', { class: 'number' });
    if (cell.missing) {
      td.textContent = cell.missing;
      td.title = data.reasons[cell.missing] || '';
      return td;
    }
    const ends = cell.isRatio ? ['range_lower', 'range_upper'] : cell.isBounds ? ['lower_bound', 'upper_bound'] : ['lower', 'upper'];
    const mark = cell.mark.replace('bounds', '');
    if (cell.value) td.append(figure(cell, cell.value, cell.isRatio ? 'ratio' : 'value'));
    if (mark) td.append(' ', make('span', { class: 'mark' }, mark));
    if (rangeOf(cell)) td.append(' ', figure(cell, rangeOf(cell), ends, Boolean(cell.value)));
    if (cell.isBounds) td.append(' ', make('small', {}, 'bounds'));
    return td;
  }

  function tableOf(s, rows) {
    const box = make('div', { class: 'table', role: 'region', tabindex: '0', 'aria-labelledby': 'cap-comparison' });
    const table = make('table');
    const caption = make('caption', { id: 'cap-comparison' });
    caption.append(make('span', {}, titleOf(s) + ' · ' + subtitleOf(s).split('. ')[0]));
    const isRatio = s.measure === RATIO;
    const heads = [{ force: 'Force', group: 'Ethnic group', type: 'Type of search' }[s.by]];
    const people = s.by === 'group' ? 'the group' : data.groups[s.group];
    if (isRatio) heads.push('Searches per 1,000 residents a year, ' + people, data.reference, 'Times the rate, with its range', 'Clear difference?');
    else heads.push(data.counted[s.measure] || 'Searches', isShare(s) ? 'Rate, with its 95% confidence interval, or bounds' : 'Rate per 1,000 residents a year, with its 95% confidence interval');
    const head = make('tr');
    heads.forEach((text, at) => head.append(headCell(text, at, isRatio ? 3 : 2)));
    const body = make('tbody');
    for (const row of rows) {
      const tr = make('tr'), th = make('th', { scope: 'row' });
      if (isNation) th.append(make('a', { href: row.force + '/index.html' }, row.name));
      else th.textContent = row.name;
      tr.append(th);
      if (isRatio) {
        for (const rate of bothRates(s, row)) {
          const td = make('td', { class: 'number' });
          if (rate.value) td.append(figure(rate, rate.value, 'value'));
          else td.textContent = rate.missing || '[x]';
          tr.append(td);
        }
        tr.append(valueCell(row.cell), make('td', {}, row.cell.verdict || ''));
      } else {
        const td = make('td', { class: 'number' });
        if (row.cell.counted && row.cell.value) td.append(figure(row.cell, row.cell.counted, 'numerator'));
        else td.textContent = row.cell.missing || '[x]';
        tr.append(td, valueCell(row.cell));
      }
      body.append(tr);
    }
    const top = make('thead');
    top.append(head);
    table.append(caption, top, body);
    box.append(table);
    return box;
  }

  // Heads of the name and the value sort; which way is on the head for a screen reader too.
  function headCell(text, at, value) {
    const th = make('th', { scope: 'col' });
    if (at && at <= value) th.className = 'number';
    if (at !== 0 && at !== value) {
      th.textContent = text;
      return th;
    }
    const now = state.sort;
    th.setAttribute('aria-sort', at === 0 ? (now === 'name' ? 'ascending' : 'none') : { high: 'descending', low: 'ascending' }[now] || 'none');
    const button = make('button', { type: 'button', class: 'sort' }, text);
    button.addEventListener('click', () => {
      change({ sort: at === 0 ? 'name' : now === 'high' ? 'low' : 'high' });
      view.querySelectorAll('button.sort')[at === 0 ? 0 : 1].focus();
    });
    th.append(button);
    return th;
  }

  // The tooltip: one line for a mark, on hover, focus and touch

  const tip = make('div', { role: 'tooltip', class: 'chart-tooltip' });
  tip.hidden = true;
  tip.style.position = 'fixed';
  tip.style.whiteSpace = 'pre-line';
  document.body.append(tip);
  const hideTip = () => { tip.hidden = true; };
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hideTip(); });
  // A scrolled page puts the line away; not that of a mark which the keys led to, for the page scrolled to show it.
  let told = null;
  window.addEventListener('scroll', () => { if (told !== document.activeElement) hideTip(); else if (!tip.hidden) placeTip(); }, { passive: true });

  function showTip(mark, text) {
    tip.textContent = text;
    tip.hidden = false;
    told = mark;
    placeTip();
  }

  function placeTip() {
    tip.style.left = tip.style.top = '0';
    const at = told.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const room = document.documentElement.clientWidth - own.width - 4;
    tip.style.left = Math.max(4, Math.min(at.left + at.width / 2 - own.width / 2, room)) + 'px';
    tip.style.top = (at.top > own.height + 8 ? at.top - own.height - 6 : Math.min(at.bottom + 6, innerHeight - own.height - 4)) + 'px';
  }

  // One stop of the keyboard for all marks of a picture; the arrows go from mark to mark.
  // On the page of all forces a mark leads to the force: a press of the mouse or of Enter, or a second touch.
  let touched = null;
  function listen(marks) {
    marks.forEach(([mark, text, force], at) => {
      mark.setAttribute('tabindex', at ? '-1' : '0');
      mark.setAttribute('role', 'img');
      mark.setAttribute('aria-label', text.replace(/\n/g, '; '));
      for (const kind of ['pointerenter', 'focus', 'click']) mark.addEventListener(kind, () => showTip(mark, text));
      for (const kind of ['pointerleave', 'blur']) mark.addEventListener(kind, (event) => { if (event.pointerType !== 'touch') hideTip(); });
      mark.addEventListener('click', (event) => {
        if (event.pointerType === 'touch' && touched !== mark) touched = mark;
        else go(force);
      });
      mark.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') go(force);
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (!step || !marks[at + step]) return;
        event.preventDefault();
        mark.setAttribute('tabindex', '-1');
        marks[at + step][0].setAttribute('tabindex', '0');
        marks[at + step][0].focus();
      });
    });
  }

  // Pictures

  function begin(s, width, height, title) {
    const svg = draw(make('div'), 'svg', { xmlns: SVG, width, height, viewBox: [0, 0, width, height].join(' '), role: 'group', 'aria-label': title, 'font-family': 'Liberation Sans, Arial, Helvetica, sans-serif', 'font-size': 13, fill: INK });
    draw(svg, 'rect', { width, height, fill: '#ffffff' });
    return svg;
  }

  function chooseTicks(low, high, isRatio, count) {
    const all = [];
    const steps = isRatio ? [[1, 2, 5], [1, 1.5, 2, 3, 4, 5, 7]] : [];
    for (const some of steps) {
      const ticks = [-2, -1, 0, 1, 2, 3].flatMap((power) => some.map((step) => Number((step * 10 ** power).toPrecision(3)))).filter((tick) => tick >= low && tick <= high);
      if (ticks.length >= 3 || some === steps[1]) return ticks.length > count ? ticks.filter((tick, at) => at % 2 === ticks.indexOf(1) % 2) : ticks;
    }
    const rough = high / count, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
    for (let tick = 0; tick <= high * 1.0001; tick += step) all.push(Number(tick.toPrecision(6)));
    return all;
  }

  function dotsOf(s, rows, width) {
    const ROW = 46, top = 6, bottom = 44, pad = 12;
    const height = top + ROW * rows.length + bottom;
    const svg = begin(s, width, height, titleOf(s));
    const isRatio = s.measure === RATIO;
    const ends = rows.flatMap(({ cell }) => [cell.value, cell.lower, cell.upper, cell.from, cell.to].filter(Boolean).map(toNumber));
    const low = isRatio ? Math.min(1, ...ends.filter((end) => end > 0)) / 1.15 : 0;
    const high = (isRatio ? Math.max(1, ...ends) * 1.1 : Math.max(...ends) * 1.05) || 1;
    const at = (value) => pad + (width - 2 * pad) * (isRatio ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : value / high);
    const base = top + ROW * rows.length;
    for (const tick of chooseTicks(low, high, isRatio, Math.max(4, Math.floor(width / 90)))) {
      const isLine = tick === (isRatio ? 1 : 0);
      draw(svg, 'line', { x1: at(tick), x2: at(tick), y1: top, y2: base, stroke: isLine ? SOFT : LINE, 'stroke-width': isLine ? 1.5 : 1 });
      draw(svg, 'text', { x: at(tick), y: base + 16, 'text-anchor': at(tick) < 24 ? 'start' : at(tick) > width - 24 ? 'end' : 'middle', 'font-size': 12 }, tick.toLocaleString('en-GB') + (isShare(s) ? '%' : ''));
    }
    const same = isRatio ? 'same rate = 1; ' : '';
    draw(svg, 'text', { x: pad, y: base + 36, 'font-size': 12, fill: SOFT }, same + unitOf(s));
    const marks = rows.map((row, place) => {
      const y = top + ROW * place, cell = row.cell, track = y + 32;
      const own = draw(svg, 'g', { class: 'dot' });
      draw(own, 'rect', { x: 0, y, width, height: ROW, fill: '#ffffff', 'fill-opacity': 0 });
      const said = cell.missing ? cell.missing + ' ' + data.reasons[cell.missing] : (cell.value || rangeOf(cell)) + (cell.mark ? ' ' + cell.mark : '');
      const room = width - 2 * pad - 8 * said.length;
      const name = row.name.length * 7.2 > room ? row.name.slice(0, Math.floor(room / 7.2) - 1) + '…' : row.name;
      // On a white edge, so that no line of the grid strikes them through.
      const edge = { stroke: '#ffffff', 'stroke-width': 4, 'paint-order': 'stroke' };
      draw(own, 'text', { x: pad, y: y + 17, 'font-weight': row.force === root.dataset.force && s.by === 'force' ? 'bold' : 'normal', ...edge }, name);
      draw(own, 'text', { x: width - pad, y: y + 17, 'text-anchor': 'end', 'font-weight': 'bold', ...edge }, said);
      const bar = (from, to, more) => draw(own, 'rect', { x: at(toNumber(from)), width: Math.max(1, at(toNumber(to)) - at(toNumber(from))), ...more });
      if (cell.from && cell.to) bar(cell.from, cell.to, { y: track - 6, height: 12, fill: LIGHT });
      if (cell.lower && cell.upper && cell.isBounds) bar(cell.lower, cell.upper, { y: track - 6, height: 12, fill: '#ffffff', stroke: SOFT, 'stroke-dasharray': '4 3' });
      else if (cell.lower && cell.upper) bar(cell.lower, cell.upper, { y: track - 1.5, height: 3, fill: BLUE });
      if (cell.value) draw(own, 'circle', { cx: at(toNumber(cell.value)), cy: track, r: 5.5, fill: cell.mark.includes('[u]') ? '#ffffff' : BLUE, stroke: BLUE, 'stroke-width': 2 });
      return [own, tellOf(s, row), row.force];
    });
    listen(marks);
    return svg;
  }

  // Near values share a class: the cuts leave the least squared distance from the mean of each, as maps drawn before are
  // cut (src/disparity/site/charts/places.py). Values that are alike are never parted.
  function cutApart(values) {
    const apart = (from, to) => {
      const some = values.slice(from, to), mean = some.reduce((sum, value) => sum + value, 0) / some.length;
      return some.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    const places = values.map((_, at) => at).filter((at) => at && values[at] !== values[at - 1]);
    const most = Math.min(SHADES.length - 1, places.length);
    let best = [], least = Infinity;
    const choose = (cuts, next) => {
      if (cuts.length === most) {
        const ends = [0, ...cuts, values.length];
        const total = cuts.reduce((sum, _, at) => sum + apart(ends[at], ends[at + 1]), apart(ends[most], ends[most + 1]));
        if (total < least) best = cuts, least = total;
        return;
      }
      for (let at = next; at < places.length; at += 1) choose([...cuts, places[at]], at + 1);
    };
    choose([], 0);
    return values.map((_, at) => best.filter((cut) => at >= cut).length);
  }

  function mapOf(s, width) {
    const everyone = { ...s, by: 'force', sort: 'low', forces: ids };
    const rows = listRows(everyone).filter((row) => row.force in data.areas);
    // An estimate, or bounds alone, is not set in order with what is measured.
    const shaded = rows.filter((row) => row.cell.value && !row.cell.isBounds);
    const unsure = rows.filter((row) => row.cell.isBounds).map((row) => row.force);
    if (shaded.length + unsure.length < 2) return null;
    const cut = cutApart(shaded.map((row) => toNumber(row.cell.value)));
    const shadeOf = Object.fromEntries(shaded.map((row, at) => [row.force, cut[at]]));
    const doubted = rows.filter((row) => !row.cell.missing && row.cell.mark.includes('[d]')).map((row) => row.force);
    const legend = 20 * (SHADES.length + (unsure.length ? 2 : 1) + (doubted.length ? 1 : 0)) + 8;
    const size = Math.min(width, MAP.width), scale = size / MAP.width;
    const svg = begin(s, size, MAP.height * scale + legend, titleOf(s) + ', map');
    const group = draw(svg, 'g', { transform: 'scale(' + scale / 10 + ')' });
    if (doubted.length) hatch(svg, 'doubt', 60), hatch(svg, 'doubt-small', 6);
    const marks = Object.entries(data.areas).map(([force, d]) => {
      const row = rows.find((each) => each.force === force);
      const isChosen = !isNation && s.forces.includes(force);
      const path = draw(group, 'path', { d, fill: force in shadeOf ? SHADES[shadeOf[force]] : unsure.includes(force) ? UNSURE : EMPTY, stroke: isChosen ? INK : '#ffffff', 'stroke-width': isChosen ? 28 : 8 });
      return [path, row ? tellOf(everyone, row) : '', force, isChosen];
    });
    marks.filter(([, , , isChosen]) => isChosen).forEach(([path]) => group.append(path)); // their edges above the others'
    for (const force of doubted) if (data.areas[force]) draw(group, 'path', { d: data.areas[force], fill: 'url(#doubt)', 'pointer-events': 'none' });
    SHADES.forEach((shade, at) => {
      const some = shaded.filter((row) => shadeOf[row.force] === at).map((row) => row.cell.value);
      if (!some.length) return;
      const y = MAP.height * scale + 20 * at + 6;
      draw(svg, 'rect', { x: 6, y, width: 14, height: 14, fill: shade });
      draw(svg, 'text', { x: 28, y: y + 12 }, some[0] === some[some.length - 1] ? some[0] : some[0] + ' to ' + some[some.length - 1]);
    });
    const others = [...(unsure.length ? [[UNSURE, 'an estimate, or bounds only']] : []), [EMPTY, 'no figure here']];
    others.push(...(doubted.length ? [[BLUE, '[d] in doubt']] : []));
    others.forEach(([fill, words], at) => {
      const y = MAP.height * scale + 20 * (SHADES.length + at) + 6;
      draw(svg, 'rect', { x: 6, y, width: 14, height: 14, fill });
      if (fill === BLUE) draw(svg, 'rect', { x: 6, y, width: 14, height: 14, fill: 'url(#doubt-small)' });
      draw(svg, 'text', { x: 28, y: y + 12 }, words);
    });
    listen(marks.filter(([, text]) => text));
    return svg;
  }

  // White lines aslant over a shade: whose figure is in doubt is seen before its mark is read.
  function hatch(svg, id, size) {
    const pattern = draw(draw(svg, 'defs'), 'pattern', { id, width: size, height: size, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' });
    draw(pattern, 'rect', { width: size / 4, height: size, fill: '#ffffff' });
  }

  function go(force) {
    if (isNation) location.href = force + '/index.html';
  }

  function frame(s, svg, what) {
    const box = make('figure', { class: 'chart', id: 'fig-' + what });
    const caption = make('figcaption');
    caption.append(make('strong', {}, titleOf(s)), make('span', {}, what === 'map' ? subtitleOf(s).split('. ')[0] + '. Near figures share a shade.' : subtitleOf(s)));
    const plot = make('div', { class: 'plot' });
    plot.append(svg);
    const take = make('p', { class: 'chart-actions' });
    const button = make('button', { type: 'button', class: 'take-picture' }, 'Download this picture (SVG)');
    button.addEventListener('click', () => save('comparison-' + what + '.svg', 'image/svg+xml', pictureOf(s, svg)));
    take.append(button);
    box.append(caption, plot, make('p', { class: 'source' }, sourceOf(s)), take);
    return box;
  }

  // Downloads

  function save(name, type, text) {
    const link = make('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function wrap(text, most) {
    return text.split(' ').reduce((lines, word) => {
      if ((lines[lines.length - 1] + ' ' + word).trim().length > most) lines.push(word);
      else lines[lines.length - 1] = (lines[lines.length - 1] + ' ' + word).trim();
      return lines;
    }, ['']);
  }

  // The picture goes with its words: title, what it is of, source and address.
  function pictureOf(s, svg) {
    const width = Number(svg.getAttribute('width')), most = Math.floor(width / 6.4);
    const head = [titleOf(s), ...wrap(subtitleOf(s), most)], foot = wrap(sourceOf(s) + (location.protocol.startsWith('http') ? ' ' + location.href.split('#')[0] : ''), most);
    const above = 26 + 16 * head.length, height = Number(svg.getAttribute('height')) + above + 16 * foot.length + 12;
    const whole = begin(s, width, height, titleOf(s));
    head.forEach((line, at) => draw(whole, 'text', { x: 12, y: 24 + 17 * at, 'font-size': at ? 12 : 16, 'font-weight': at ? 'normal' : 'bold', fill: at ? SOFT : INK }, line));
    const copy = svg.cloneNode(true);
    copy.setAttribute('y', above);
    copy.removeAttribute('xmlns');
    copy.querySelectorAll('[tabindex]').forEach((mark) => mark.removeAttribute('tabindex'));
    whole.append(copy);
    foot.forEach((line, at) => draw(whole, 'text', { x: 12, y: height - 16 * (foot.length - at) + 8, 'font-size': 11, fill: SOFT }, line));
    whole.setAttribute('role', 'img');
    return new XMLSerializer().serializeToString(whole);
  }

  function csvOf(s, rows) {
    const columns = ['force', 'force_name', 'measure', 'period_from', 'period_to', 'ethnicity_basis', 'ethnic_group', 'search_type', 'count', 'value', 'lower', 'upper', 'range_lower', 'range_upper', 'unit', 'note', 'table', 'row'];
    if (data.marking) columns.push('marking');
    const plain = (text) => (text || '').replace(/[,%]/g, '');
    const lines = rows.map(({ force, cell, changes }) => {
      const at = { ...s, ...changes }, [from, to] = s.period.split('.');
      const note = cell.missing ? data.reasons[cell.missing] : [cell.mark, cell.verdict, cell.isBounds ? 'lower and upper are bounds' : ''].filter(Boolean).join('; ');
      const unit = s.measure === RATIO ? 'ratio' : isShare(s) ? 'percent' : 'per 1000 residents a year';
      return [force, nameOf[force], s.measure, from + '-01', to + '-01', s.basis, at.group, at.type, plain(cell.counted), ...['value', 'lower', 'upper', 'from', 'to'].map((name) => plain(cell[name])), unit, note, cell.missing ? '' : cell.isRatio ? 'comparisons.csv' : 'estimates.csv', cell.row || '', data.marking].slice(0, columns.length);
    });
    const quote = (text) => /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    const inert = (text) => /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return '\ufeff' + [columns, ...lines].map((line) => line.map((text) => quote(inert(text))).join(',') + '\r\n').join('');
  }

  // The form

  function formOf(s) {
    const form = make('div', { class: 'choices', role: 'group', 'aria-label': 'What to show' });
    if (!isNation && ids.length > 1) form.append(pickForces(s));
    const more = make('details', { class: 'more' });
    more.append(make('summary', {}, 'More choices'));
    more.open = isOpen === null ? root.clientWidth >= 640 : isOpen;
    more.addEventListener('toggle', () => { isOpen = more.open; });
    for (const [name, [label, options]] of Object.entries(listChoices())) {
      if (isNation && name !== 'sort') continue;
      if ((name === 'type' && s.by === 'type') || (name === 'group' && s.by === 'group')) continue;
      const entries = Object.entries(options);
      if (entries.length < 2) continue;
      (isNation || name === 'measure' ? form : more).append(pick(name, label, entries.map(([value, title]) => {
        const found = ORDER.includes(name) ? look(s, name, value) : { holds: true };
        return [value, found.holds ? title : title + ' (' + data.reasons[found.why] + ')', !found.holds];
      }), s[name], (value) => change({ [name]: value })));
    }
    if (isNation) form.prepend(pick('measure', 'What is compared', listMeasures(s), s.measure + ':' + s.group, (value) => {
      const [measure, group] = value.split(':');
      change({ measure, group });
    }));
    if (!isNation) form.append(more);
    return form;
  }
  let isOpen = null; // as the reader left it; on a telephone the picture comes first

  function listMeasures(s) {
    return Object.keys(data.measures).flatMap((measure) => Object.keys(data.groups).map((group) => {
      const found = lookBelow(leafOf(s, { measure, group }), ids);
      const named = data.measures[measure]; // the group first: a telephone shows the start of a choice
      const title = group === 'All' ? named : data.groups[group] + ': ' + named[0].toLowerCase() + named.slice(1);
      return leafOf(s, { measure, group }) === undefined ? null : [measure + ':' + group, found.holds ? title : title + ' (' + data.reasons[found.why] + ')', !found.holds];
    })).filter(Boolean);
  }

  function pick(name, label, options, chosen, then) {
    const box = make('p'), select = make('select', { id: 'choose-' + name, name });
    for (const [value, title, isOut] of options) {
      const option = make('option', { value }, title.charAt(0).toUpperCase() + title.slice(1));
      option.disabled = Boolean(isOut);
      option.selected = value === chosen;
      select.append(option);
    }
    select.addEventListener('change', () => then(select.value));
    box.append(make('label', { for: 'choose-' + name }, label), select);
    return box;
  }

  function pickForces(s) {
    const box = make('details', { class: 'pick' });
    box.open = isPicking;
    box.addEventListener('toggle', () => { isPicking = box.open; });
    box.append(make('summary', {}, 'Forces: ' + s.forces.map((force) => nameOf[force]).join(', ')));
    const list = make('fieldset');
    list.append(make('legend', {}, 'Up to six forces'));
    for (const [force, name] of data.forces) {
      const label = make('label'), field = make('input', { type: 'checkbox', value: force, id: 'force-' + force });
      field.checked = s.forces.includes(force);
      field.disabled = field.checked ? s.forces.length === 1 : s.forces.length >= MOST;
      field.addEventListener('change', () => change({ forces: field.checked ? [...state.forces, force] : state.forces.filter((each) => each !== force) }));
      label.append(field, ' ', name);
      list.append(label);
    }
    box.append(list);
    return box;
  }
  let isPicking = false;

  // Tabs of the page of all forces

  let tab = 'map';
  function tabsOf(panels) {
    const box = make('div', {}), list = make('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Map, dots or table' });
    const shown = Object.entries(panels).filter(([, panel]) => panel);
    if (!panels[tab]) tab = shown[0][0];
    const buttons = shown.map(([name, panel]) => {
      const button = make('button', { type: 'button', role: 'tab', id: 'tab-' + name, 'aria-controls': name, 'aria-selected': String(name === tab), tabindex: name === tab ? '0' : '-1' }, name.charAt(0).toUpperCase() + name.slice(1));
      const holder = make('div', { role: 'tabpanel', id: name, 'aria-labelledby': 'tab-' + name });
      holder.append(panel);
      holder.hidden = name !== tab;
      box.append(holder);
      return button;
    });
    const open = (at) => {
      tab = shown[at][0];
      show();
      document.getElementById('tab-' + tab).focus();
    };
    buttons.forEach((button, at) => {
      button.addEventListener('click', () => open(at));
      button.addEventListener('keydown', (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) open((at + step + shown.length) % shown.length);
      });
    });
    list.append(...buttons);
    box.prepend(list);
    return box;
  }

  function change(what) {
    state = settle({ ...state, ...what });
    writeAddress();
    const focused = document.activeElement && document.activeElement.id;
    show();
    const again = focused && document.getElementById(focused);
    if (again) again.focus();
  }

  function show() {
    hideTip();
    const rows = listRows(state);
    const width = Math.max(280, Math.min(root.clientWidth - (root.clientWidth < 640 ? 0 : 40), 660));
    const dots = frame(state, dotsOf(state, rows, width), 'dots');
    const drawn = state.by === 'force' ? mapOf(state, width) : null;
    const map = drawn && frame(state, drawn, 'map');
    const table = tableOf(state, rows);
    const take = make('p', { class: 'chart-actions' });
    const button = make('button', { type: 'button', class: 'take-csv' }, 'Download these figures (CSV)');
    button.addEventListener('click', () => save('comparison.csv', 'text/csv;charset=utf-8', csvOf(state, rows)));
    take.append(button);
    status.textContent = titleOf(state) + ': ' + rows.length + (rows.length === 1 ? ' row' : ' rows');
    view.replaceChildren(formOf(state), status, ...(isNation ? [tabsOf({ map, dots, table })] : [dots, table, ...(map ? [map] : [])]), take);
  }

  // A field that knows places and nicknames: the list is in the page, and this only looks.
  function findPlaces() {
    const home = document.getElementById('places');
    if (!home) return;
    const entries = [...home.querySelectorAll('[data-force]')].flatMap((item) => item.querySelector('.names').textContent.split(', ').concat(item.querySelector('.force').textContent)
      .map((name) => ({ name: name.trim(), plain: plainly(name), item })));
    const box = make('div', { class: 'find' }), label = make('label', {}, 'Your town, or a force’s name'), answers = make('ul', { class: 'answers', 'aria-live': 'polite' });
    const field = make('input', { type: 'search', id: 'find-place', autocomplete: 'off' });
    label.append(field);
    box.append(label, answers);
    home.querySelector('h2').after(box);
    const answer = () => {
      const asked = plainly(field.value);
      const found = new Map();
      const isLike = [(each) => each.plain === asked, (each) => each.plain.startsWith(asked), (each) => each.plain.includes(' ' + asked)];
      if (asked.length > 1) isLike.forEach((test) => entries.filter(test).forEach((each) => { if (!found.has(each.item)) found.set(each.item, each.name); }));
      const shown = [...found].slice(0, MOST).map(([item, name]) => {
        const li = make('li'), link = item.querySelector('a'), force = item.querySelector('.force').textContent.trim();
        if (name !== force) li.append(name + ': ');
        if (link) li.append(make('a', { href: link.getAttribute('href') }, force));
        else li.append(force + ', which has no records here for this period');
        return li;
      });
      if (asked.length > 1 && !shown.length) shown.push(make('li', {}, 'No place of that name is on our list. Try a larger town near it.'));
      answers.replaceChildren(...shown);
    };
    field.addEventListener('input', answer);
    field.addEventListener('keydown', (event) => {
      const links = answers.querySelectorAll('a');
      if (event.key === 'Enter' && links.length) location.href = links[0].href;
    });
  }

  const plainly = (text) => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[^a-z0-9]+/g, ' ').replace(/^ *(the )?/, '').trim();

  const start = { forces: isNation ? ids : root.dataset.chosen.split(','), measure: root.dataset.measure, group: root.dataset.group };
  const begun = () => settle({ ...start, ...readAddress(), ...(isNation ? { by: 'force', forces: ids } : {}) });
  state = begun();
  if (isNation && ['map', 'dots', 'table'].includes(location.hash.slice(1))) tab = location.hash.slice(1);
  show();
  findPlaces();
  window.addEventListener('hashchange', () => {
    if (['map', 'dots', 'table'].includes(location.hash.slice(1)) && isNation) tab = location.hash.slice(1);
    state = begun();
    show();
  });
  let before = root.clientWidth;
  window.addEventListener('resize', () => {
    if (root.clientWidth === before) return;
    before = root.clientWidth;
    show();
  });
  const wanted = location.hash.length > 1 && !location.hash.includes('=') && document.getElementById(location.hash.slice(1));
  if (wanted) wanted.scrollIntoView();
})();
