/* Copies the address or the citation of the page; without this script both are texts to be selected. */
(function () {
  'use strict';

  const block = document.querySelector('.share .copy');
  const citation = document.getElementById('citation');
  if (!block || !citation) return;
  const link = document.querySelector('.share .address');
  const texts = {
    // What was chosen on the page is in its address: it is kept.
    address: () => (link ? link.href.split('#')[0] + location.search + location.hash : location.href),
    citation: () => citation.textContent.trim(),
  };
  const status = block.querySelector('[role=status]');

  function select() {
    const range = document.createRange();
    range.selectNodeContents(citation);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  async function copy(kind) {
    try {
      await navigator.clipboard.writeText(texts[kind]());
      status.textContent = 'Copied';
    } catch (_) { // from file://, or refused: the reader copies it
      if (kind === 'citation') select();
      status.textContent = kind === 'citation' ? 'Selected: copy it' : texts[kind]();
    }
  }

  for (const button of block.querySelectorAll('button')) {
    button.addEventListener('click', () => copy(button.dataset.copy));
  }
  block.hidden = false;
})();
