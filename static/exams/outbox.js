// The outbox: every change that the server has not acknowledged, in this page and in localStorage under the person and
// the sitting. An entry leaves it only when the server has answered that the row is committed.

import { settings } from './page.js';

const NAME = `clean-window:outbox:${settings.staff}:${settings.sitting}`;

export const outbox = {};   // number -> {chosen, flagged, revision}

export const waiting = () => Object.keys(outbox);

/** What an earlier page, or another window, has left in the browser. */
export function readKept() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) || {};
  } catch (error) {
    return {};
  }
}

/** Write down an entry, or that everything up to a revision has been dealt with; what another window keeps stays. */
export function keep(number, settled = 0) {
  try {
    const kept = readKept();
    const entry = outbox[number];
    if (entry && entry.revision >= (kept[number] || entry).revision) kept[number] = entry;
    else if (kept[number] && kept[number].revision <= settled) delete kept[number];
    if (Object.keys(kept).length) localStorage.setItem(NAME, JSON.stringify(kept));
    else localStorage.removeItem(NAME);
  } catch (error) {
    // Storage full or switched off: the outbox lives on in this page, and leaving it asks first.
  }
}

/** Put an answer in, under a revision one higher than any before. */
export function enter(question, chosen) {
  outbox[question.number] = {
    chosen,
    flagged: question.isFlagged,
    revision: Math.max(question.revision, (outbox[question.number] || { revision: 0 }).revision) + 1,
  };
  keep(question.number);
}

/** Forget an entry, unless the person has changed it again in the meantime. */
export function drop(number, revision) {
  if (outbox[number] && outbox[number].revision === revision) delete outbox[number];
  keep(number, revision);
}

/** Forget whatever waits for a question: the server holds something later. */
export function forget(number, revision) {
  delete outbox[number];
  keep(number, revision);
}
