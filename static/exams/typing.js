// Typed answers. What is typed lies in the browser at every pause for breath, and goes to the server after a second
// without a key, when the field is left, and before anything else happens to the page.

import { all, one, paper } from './page.js';
import { questionOf } from './questions.js';
import { hold, letGo } from './sending.js';

const BATCH = 200;    // keys that follow one another so fast are written down together
const PAUSE = 1000;
const MOST_ROWS = 24;
const LINE = 34;      // characters that a line of a text field holds, about

let unwritten = null;   // the question whose keys are not written down yet
let batchTimer = 0;
let pauseTimer = 0;

function typed(field) {
  const question = questionOf(field);
  if (unwritten && unwritten !== question) writeDown();
  unwritten = question;
  if (!batchTimer) batchTimer = setTimeout(writeDown, BATCH);
  clearTimeout(pauseTimer);
  pauseTimer = setTimeout(flush, PAUSE);
}

function writeDown() {
  clearTimeout(batchTimer);
  batchTimer = 0;
  if (!unwritten) return;
  const question = unwritten;
  unwritten = null;
  question.fields.forEach(fit);
  hold(question);
}

/** Write down and send what has been typed, now. */
export function flush() {
  clearTimeout(pauseTimer);
  writeDown();
  letGo();
}

/** Say how much is written, and give a longer text more lines; nothing is measured, so no page is laid out anew. */
function fit(field) {
  if (field.tagName !== 'TEXTAREA') return;
  const { value, dataset } = field;
  const lines = value.split('\n').reduce((sum, line) => sum + Math.floor(line.length / LINE) + 1, 0);
  field.rows = Math.min(MOST_ROWS, Math.max(Number(dataset.rows), lines + 1));
  one('b', field.nextElementSibling).textContent = String(value.length);
}

export function fitAll() {
  all('textarea.typed', paper).forEach(fit);
}

paper.addEventListener('input', (event) => {
  // Half a word of an input method is no answer; what it ends with comes as compositionend.
  if (event.target.matches('.typed') && !event.isComposing) typed(event.target);
});
paper.addEventListener('compositionend', (event) => {
  if (event.target.matches('.typed')) typed(event.target);
});
paper.addEventListener('focusout', (event) => {
  if (event.target.matches('.typed')) flush();
});
addEventListener('pagehide', flush);
