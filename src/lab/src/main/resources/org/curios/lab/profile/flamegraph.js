'use strict';
(() => {
  const root = document.documentElement;
  const side = Number(root.dataset.side);
  const full = root.viewBox.baseVal.width - 2 * side;
  const character = 7.2;
  const frames = [...document.querySelectorAll('#frames g')].map(g => {
    const rect = g.querySelector('rect');
    const number = name => Number(rect.getAttribute(name));
    return {g, rect, text: g.querySelector('text'), name: g.dataset.n, told: g.querySelector('title').textContent,
      x: number('x'), y: number('y'), width: number('width')};
  });
  const tell = document.getElementById('tell');
  const back = document.getElementById('back');
  const find = document.getElementById('find');
  const matched = document.getElementById('matched');
  const slack = 0.02;

  function fit(name, width) {
    const most = Math.floor((width - 6) / character);
    return most < 3 ? '' : name.length <= most ? name : name.slice(0, most - 2) + '..';
  }

  function place(frame, x, width) {
    frame.rect.setAttribute('x', x);
    frame.rect.setAttribute('width', width);
    frame.text.setAttribute('x', x + 3);
    frame.text.textContent = fit(frame.name, width);
  }

  // The chosen call takes the whole width; its callers stay below it, faded; the rest goes.
  function zoom(to) {
    const scale = full / to.width;
    for (const f of frames) {
      const within = f.x >= to.x - slack && f.x + f.width <= to.x + to.width + slack && f.y <= to.y;
      const caller = f.y > to.y && f.x <= to.x + slack && f.x + f.width >= to.x + to.width - slack;
      f.g.classList.toggle('gone', !within && !caller);
      f.g.classList.toggle('faded', caller);
      if (within) place(f, side + (f.x - to.x) * scale, f.width * scale);
      else if (caller) place(f, side, full);
    }
    back.style.visibility = to === frames[0] ? 'hidden' : 'visible';
  }

  // What matches within another match counts once.
  function search(text) {
    let expression = null;
    try {
      if (text) expression = new RegExp(text);
    } catch (e) {
      matched.textContent = 'not a regular expression: ' + text;
      return;
    }
    let sum = 0;
    let covered = [];
    for (const f of frames) {
      const hit = expression !== null && expression.test(f.name);
      f.g.classList.toggle('matched', hit);
      if (hit && !covered.some(c => f.x >= c.x - slack && f.x + f.width <= c.x + c.width + slack)) {
        covered = covered.filter(c => !(c.x >= f.x - slack && c.x + c.width <= f.x + f.width + slack));
        covered.push(f);
      }
    }
    for (const c of covered) sum += c.width;
    find.textContent = expression === null ? 'search' : 'clear search';
    matched.textContent = expression === null ? ' ' : 'matched: ' + (100 * sum / full).toFixed(2) + ' %';
  }

  for (const f of frames) {
    f.g.addEventListener('mouseover', () => { tell.textContent = f.told; });
    f.g.addEventListener('mouseout', () => { tell.textContent = ' '; });
    f.g.addEventListener('click', () => zoom(f));
  }
  back.addEventListener('click', () => zoom(frames[0]));
  const ask = () => {
    if (find.textContent === 'clear search') search('');
    else search(prompt('Function, as a regular expression:', '') || '');
  };
  find.addEventListener('click', ask);
  window.addEventListener('keydown', e => {
    if ((e.ctrlKey || e.metaKey) && e.key === 'f' || e.key === 'F3') { e.preventDefault(); ask(); }
    if (e.key === 'Escape') zoom(frames[0]);
  });
})();
