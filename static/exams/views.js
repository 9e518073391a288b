// Moving about the paper: one question at a time or all of them, buttons, answer card, keys. The browser remembers how
// somebody reads his papers.

import { announce } from '../js/app.js';
import { all, one, paper, root } from './page.js';
import { LETTERS, byNumber, questionOf, questions } from './questions.js';
import { getCurrent, setCurrent } from './card.js';
import { put, state } from './sending.js';
import { flush } from './typing.js';

const VIEW = 'clean-window:sitting-view';
const isWhole = () => root.classList.contains('is-whole');

/** Go to a question; both views bring it into sight and put the focus on what answers it. */
export function show(question) {
  flush();
  setCurrent(question);
  if (isWhole()) question.element.scrollIntoView();
  else scrollTo(0, 0);
  const target = question.inputs.find((input) => input.checked) || question.inputs[0] || question.fields[0];
  target.focus({ preventScroll: true });
}

const step = (by) => questions[questions.indexOf(getCurrent()) + by];

function flag(question) {
  question.isFlagged = !question.isFlagged;
  put(question);
}

/** Read one question at a time, or the whole paper. */
function setView(name) {
  flush();
  root.classList.toggle('is-whole', name === 'whole');
  try {
    localStorage.setItem(VIEW, name);
  } catch (error) {
    // No storage: the next page begins with one question again.
  }
  drawView();
  if (name === 'whole') getCurrent().element.scrollIntoView();
  else scrollTo(0, 0);
  announce(name === 'whole' ? `全部${questions.length}道题都在本页。` : `现在一题一页，第${getCurrent().place}题。`);
}

function drawView() {
  all('[data-view]').forEach((button) => button.setAttribute('aria-pressed', String((button.dataset.view === 'whole') === isWhole())));
}

// Scrolling changes the question that the keys mean: nobody answers one that he does not see. It stays while its stem
// or its last option is in sight; then comes the first question of which that is true.
const seen = new Set();
const isSeen = ({ stem, end }) => seen.has(stem) || seen.has(end);
const eye = new IntersectionObserver((changes) => {
  changes.forEach(({ target, isIntersecting }) => seen[isIntersecting ? 'add' : 'delete'](target));
  if (!isWhole() || isSeen(getCurrent())) return;
  const next = questions.find(isSeen);
  if (next) setCurrent(next);
}, { rootMargin: '-120px 0px -80px 0px' });

/** Every question gets a flag of its own, for the view of all. */
function addFlags() {
  for (const question of questions) {
    const button = one('#flag').cloneNode(true);
    button.removeAttribute('id');
    button.className = 'btn btn-small flag';
    button.setAttribute('aria-label', `标记第${question.place}题`);
    button.addEventListener('click', () => flag(question));
    question.flag = button;
    question.status.after(button);
    eye.observe(question.stem);
    eye.observe(question.end);
  }
}

function onKey(event, askHandIn) {
  // The password stands in a dialog; once that is shut its field may keep the focus for a moment.
  const isTyping = event.target.matches('.typed') || event.isComposing || one('dialog[open]');
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey || state.isOver) return;
  const key = event.key.toUpperCase();
  const current = getCurrent();
  const input = key.length === 1 && current.inputs[LETTERS.indexOf(key)];
  if (input) input.click();
  else if (key === 'F') flag(current);
  // The arrows change the question; a group of radio buttons would change the answer by them.
  else if (key === 'ARROWRIGHT' && step(1)) show(step(1));
  else if (key === 'ARROWLEFT' && step(-1)) show(step(-1));
  else return;
  event.preventDefault();
}

/** Make the buttons and keys work; askHandIn is what follows the last question. */
export function beginViews(askHandIn) {
  addFlags();
  drawView();
  paper.addEventListener('change', (event) => {
    if (event.target.matches('.option input')) put(questionOf(event.target));
  });
  paper.addEventListener('submit', (event) => event.preventDefault());
  const meant = ({ target }) => {
    const question = questionOf(target);
    if (isWhole() && question && question !== getCurrent()) setCurrent(question);
  };
  paper.addEventListener('focusin', meant);
  paper.addEventListener('pointerdown', meant);
  one('#previous').addEventListener('click', () => step(-1) && show(step(-1)));
  one('#next').addEventListener('click', () => (step(1) ? show(step(1)) : askHandIn()));
  one('#flag').addEventListener('click', () => flag(getCurrent()));
  one('.boxes').addEventListener('click', (event) => {
    const box = event.target.closest('[data-box]');
    if (box) show(byNumber.get(Number(box.dataset.box)));
  });
  all('[data-view]').forEach((button) => button.addEventListener('click', () => setView(button.dataset.view)));
  document.addEventListener('keydown', (event) => onKey(event, askHandIn));
}
