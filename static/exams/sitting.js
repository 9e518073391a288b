// A sitting: every choice and every word saved at once, nothing lost when network or server are gone.
//
// Begins the parts: outbox.js keeps what is not acknowledged, sending.js sends it, questions.js knows what stands on
// the page, card.js says so, views.js and typing.js take in what people do, clock.js counts the time, pulse.js
// hears of the organiser, handing-in.js ends the sitting, password.js mends a session. Chromium 86 and later.

import { announce } from '../js/app.js';
import { root } from './page.js';
import { answer, answerOf, byNumber, inWords, isAnswered, isSame, offerBack, questions, say } from './questions.js';
import { keep, outbox, readKept, waiting } from './outbox.js';
import { countNow, paintAll, setCurrent } from './card.js';
import { put, send, sendNow, state } from './sending.js';
import { runClock } from './clock.js';
import { askHandIn, handInByClock } from './handing-in.js';
import { beginPulse, pulse } from './pulse.js';
import { beginViews } from './views.js';
import { fitAll, flush } from './typing.js';

/** What an earlier page could not send: it goes out now, unless another window has answered later. */
function takeUpOutbox() {
  const overtaken = [];
  for (const [key, entry] of Object.entries(readKept())) {
    const question = byNumber.get(Number(key));
    if (question && entry.revision > question.revision) {
      answer(question, entry.chosen);
      question.isFlagged = entry.flagged;
      outbox[key] = entry;
      continue;
    }
    keep(key, entry.revision);
    if (!question || isSame(question, entry.chosen, answerOf(question))) continue;
    overtaken.push(question.place);
    sayOvertaken(question, entry.chosen);
  }
  if (overtaken.length) announce(`第${overtaken.join('、')}题在另一个窗口改过，请核对。`);
}

function sayOvertaken(question, chosen) {
  const isTyped = question.fields.length > 0;
  const mine = isTyped ? '本机写过的没有送达' : `本机曾选${inWords(question, chosen)}，没有送达`;
  say(question, `${mine}；后来在另一个窗口改过，以显示的为准。`, 'is-failed');
  if (isTyped && chosen.length) offerBack(question, chosen, put);
}

/** Back from sleep, from another window or from a cut: send what waits, and ask what is new. */
function wake() {
  sendNow();
  pulse();
}

/** The time is over. Not all hand in within the same second: the grace of a minute leaves room for it. */
function onOver() {
  if (state.isOver || state.isHandingIn) return;
  state.isHandingIn = true;
  setTimeout(handInByClock, Math.random() * 5000);
}

addEventListener('online', wake);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') wake();
  else flush();
});
addEventListener('beforeunload', (event) => {
  flush();
  if (state.isOver || !waiting().length) return;
  event.preventDefault();
  event.returnValue = '';
});

takeUpOutbox();
beginViews(askHandIn);
fitAll();
setCurrent(questions.find((question) => !isAnswered(question)) || questions[0]);
paintAll();
countNow();
root.classList.add('is-ready');
beginPulse();
runClock({ onWake: wake, onOver });
send();
