// The questions on the page and what stands in them. An answer is a list of texts: the labels of the options that are
// chosen, or what was typed, one text for each field; nothing chosen and nothing typed is an empty list.

import { all, one, paper } from './page.js';

// The letters that stand before the options, in their order; the values are the labels of the bank.
export const LETTERS = 'ABCDEFGH';

export const questions = all('.question', paper).map((element, index) => {
  const kept = one('input[type=hidden]', element);   // what the server holds: the revision, and whether it is flagged
  return {
    element,
    number: Number(element.id.slice(1)),   // as the server calls it; people read the place
    place: index + 1,
    stem: one('legend', element),
    end: all('.option, .typed', element).pop(),
    inputs: all('.option input', element),
    fields: all('.typed', element),
    status: one('.saved', element),
    isFlagged: kept.hasAttribute('data-flagged'),
    isRefused: false,
    revision: Number(kept.value),
  };
});
export const byNumber = new Map(questions.map((question) => [question.number, question]));

export const questionOf = (target) => questions.find((question) => question.element.contains(target));

/** Give the answer as it stands on the page. */
export function answerOf(question) {
  if (!question.fields.length) return question.inputs.filter((input) => input.checked).map((input) => input.value);
  const texts = question.fields.map((field) => field.value);
  return texts.some((text) => text.trim()) ? texts : [];
}

export const isAnswered = (question) => answerOf(question).length > 0;

/** Put an answer onto the page. */
export function answer(question, values) {
  question.inputs.forEach((input) => { input.checked = values.includes(input.value); });
  question.fields.forEach((field, index) => { field.value = values[index] || ''; });
}

/** Tell whether two answers to a question say the same; options have no order, fields have one. */
export function isSame(question, first, second) {
  const plain = (values) => JSON.stringify(question.fields.length ? values.map((text) => text.trim()) : [...values].sort());
  return plain(first) === plain(second);
}

/** Write an answer out in a line, as a person knows it. */
export function inWords(question, values) {
  if (question.fields.length) return values.join('；') || '空';
  return values.map((value) => LETTERS[question.inputs.findIndex((input) => input.value === value)]).join('') || '空';
}

/** Say at a question how its answer is kept. */
export function say(question, text, state) {
  question.status.textContent = text;
  question.status.className = `saved ${state}`;
}

/** What was typed here is not what counts: leave it in sight, with a button that makes it count. */
export function offerBack(question, values, use) {
  const box = document.createElement('div');
  const text = document.createElement('p');
  const button = document.createElement('button');
  box.className = 'alert alert-warning aside-text';
  text.textContent = `这个窗口里写的是：${values.join('；')}`;
  Object.assign(button, { type: 'button', className: 'btn btn-small', textContent: '换成这一份' });
  button.addEventListener('click', () => {
    box.remove();
    answer(question, values);
    use(question);
    question.fields[0].focus();
  });
  box.append(text, button);
  all('.aside-text', question.element).forEach((old) => old.remove());
  question.element.append(box);
}
