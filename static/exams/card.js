// What the page says of itself: the answer card, the counts, the bar of progress, and whether everything is saved.

import { all, bar, one, root } from './page.js';
import { isAnswered, questions } from './questions.js';
import { outbox, waiting } from './outbox.js';

const state = one('#save-state');
const counts = one('#counts');
const progress = one('.progress', bar);
const fill = one('.fill', progress);
const boxes = new Map(all('[data-box]').map((box) => [Number(box.dataset.box), box]));

export const tally = { answered: 0, flagged: 0 };
let current = questions[0];

const isWaiting = (question) => question.number in outbox;

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Draw a question's box anew, and what its options look like. */
export function paint(question) {
  const isDone = isAnswered(question);
  const isUnsaved = isWaiting(question) || question.isRefused;
  const isNow = question === current;
  question.inputs.forEach((input) => input.closest('.option').classList.toggle('is-chosen', input.checked));
  const box = boxes.get(question.number);
  const marks = [isDone && 'is-done', question.isFlagged && 'is-flag', isUnsaved && 'is-unsaved', isNow && 'is-now'];
  box.className = marks.filter(Boolean).join(' ');
  const words = [
    `第${question.place}题`, isNow && '当前题', isDone ? '已答' : '未答', question.isFlagged && '已标记',
    isUnsaved && '未保存',
  ];
  const button = box.firstElementChild;
  button.setAttribute('aria-label', words.filter(Boolean).join('，'));
  if (isNow) button.setAttribute('aria-current', 'true');
  else button.removeAttribute('aria-current');
  if (question.flag) question.flag.setAttribute('aria-pressed', String(question.isFlagged));
  count();
}

export function paintAll() {
  questions.forEach(paint);
}

/** Let another question be the one that keys and buttons mean. */
export function setCurrent(question) {
  const before = current;
  current = question;
  before.element.classList.remove('is-shown');
  question.element.classList.add('is-shown');
  paint(before);
  paint(question);
}

export const getCurrent = () => current;

let isCounting = false;

/** Count once for all that is painted in one go. */
function count() {
  if (isCounting) return;
  isCounting = true;
  Promise.resolve().then(() => {
    isCounting = false;
    countNow();
  });
}

export function countNow() {
  tally.answered = questions.filter(isAnswered).length;
  tally.flagged = questions.filter((question) => question.isFlagged).length;
  setText(counts, `已答${tally.answered} · 标记${tally.flagged} · 未答${questions.length - tally.answered}`);
  progress.setAttribute('aria-label', `已答${tally.answered}题，共${questions.length}题`);
  fill.setAttribute('width', String(tally.answered * 100 / questions.length));
  one('#flag').setAttribute('aria-pressed', String(current.isFlagged));
  one('#previous').disabled = current === questions[0];
  setText(one('#next'), current === questions[questions.length - 1] ? '去交卷' : '下一题');
  drawState();
}

/** Say in the bar, always in sight, how the answers are kept. */
export function drawState() {
  const kept = waiting().length;
  const refused = questions.filter((question) => question.isRefused).length;
  const isAway = root.classList.contains('is-offline') || one('#again').open;
  let [text, name] = ['全部已保存', 'is-kept'];
  if (kept && isAway) [text, name] = [`${kept}题暂存本机`, 'is-here'];
  else if (kept) [text, name] = ['正在保存', 'is-going'];
  else if (refused) [text, name] = [`${refused}题没有保存`, 'is-lost'];
  setText(state, text);
  state.className = `save-state ${name}`;
}
