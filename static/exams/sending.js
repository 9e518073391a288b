// Sending what is in the outbox, one request at a time. An answer of the server that is no promise (no network, 5xx,
// session gone) leaves the outbox as it is, and it is tried again.

import { announce } from '../js/app.js';
import { one, post, root, settings } from './page.js';
import { answer, answerOf, byNumber, isSame, offerBack, say } from './questions.js';
import { drop, enter, forget, outbox, waiting } from './outbox.js';
import { drawState, paint } from './card.js';
import { askPassword, isAskingPassword } from './password.js';
import { setClock } from './clock.js';

const RETRY_SECONDS = [1, 2, 4, 8, 10];
const READING = 4000;   // milliseconds that it takes to read why an answer was refused
// What the server can say about an answer that it does not take; anything else is no decision about it.
const REFUSALS = ['refused', 'late', 'sealed', 'taken'];

// isHandingIn: nothing more is waited for before it goes out; isOver: nothing goes out any more; isStopped: the clock
// stands still and nothing goes out until it runs on.
export const state = { isHandingIn: false, isOver: false, isStopped: false };
const held = new Set();   // numbers of questions in which somebody is typing just now
let isSending = false;
let failures = 0;
let retryTimer = 0;
let whenEmpty = null;
let isBeingRead = false;   // why the page is about to be left

/** Put a changed answer into the outbox, and send it. */
export function put(question) {
  write(question);
  send();
}

/** Put an answer that is still being typed into the outbox; it goes out when it is let go. */
export function hold(question) {
  write(question);
  if (state.isHandingIn) send();
  else held.add(question.number);
}

/** Send what was held. */
export function letGo() {
  if (!held.size) return;
  held.clear();
  send();
}

function write(question) {
  question.isRefused = false;
  enter(question, answerOf(question));
  say(question, '正在保存…', 'is-waiting');
  paint(question);
}

/** Plan what follows once nothing is left to send; what is held goes out first. */
export function plan(act) {
  whenEmpty = act;
  held.clear();
}

export async function send() {
  clearTimeout(retryTimer);
  if (isSending || isAskingPassword() || state.isOver || state.isStopped) return;
  const number = waiting().find((each) => !held.has(Number(each)));
  if (number === undefined) {
    if (!waiting().length) finish();
    return;
  }
  isSending = true;
  const isSettled = await sendOne(byNumber.get(Number(number)), outbox[number]);
  isSending = false;
  if (isSettled) {
    failures = 0;
    send();
  } else if (!isAskingPassword() && !state.isOver && !state.isStopped) {
    retryLater();
  }
}

function finish() {
  const act = whenEmpty;
  whenEmpty = null;
  if (act) act();
  else setOffline(false);
}

/** Send one entry; true when it needs no second try. */
async function sendOne(question, entry) {
  const fields = entry.chosen.map((value) => ['answer', value]);
  fields.push(['revision', entry.revision], ['flagged', entry.flagged ? '1' : '0']);
  try {
    return await settle(question, entry, await post(`${settings.saveUrl}/${question.number}`, fields));
  } catch (error) {
    return false;   // no network, no answer in time, or a proxy's page in place of the site's answer
  }
}

/** Take in what the server said to one save. */
async function settle(question, entry, response) {
  if (response.status === 401 || response.status === 400) {
    askPassword(send);
    drawState();
    return false;
  }
  if (response.status >= 500 || response.status === 429) return false;
  const said = await response.json();
  const isSaved = response.ok && said.saved;
  if (said.error === 'stopped') {
    state.isStopped = true;   // the pulse says why, and sends again once the exam goes on
    say(question, '计时停着，继续后自动保存', 'is-waiting');
    return false;
  }
  // An error that is none of these, such as one of a page in between, decides nothing: the answer stays here.
  if (!isSaved && said.error !== 'stale' && !REFUSALS.includes(said.error)) return false;
  setOffline(false);
  if (isSaved) takeSaved(question, entry, said);
  else if (said.error === 'stale') adopt(question, said);
  else takeRefused(question, entry, said);
  return true;
}

function takeSaved(question, entry, said) {
  setClock(said.seconds_left);
  question.revision = said.revision;
  drop(question.number, entry.revision);
  if (!outbox[question.number]) say(question, `${said.saved_at} 已保存`, '');
  paint(question);
}

/** Another window has answered this question later: show what is stored, and say so. */
function adopt(question, stored) {
  setClock(stored.seconds_left);
  const mine = answerOf(question);
  forget(question.number, stored.revision);
  held.delete(question.number);
  question.revision = stored.revision;
  answer(question, stored.chosen);
  if (question.fields.length && mine.length && !isSame(question, mine, stored.chosen)) offerBack(question, mine, put);
  const text = `第${question.place}题在另一个窗口改过，这里显示的是最后保存的答案；要改请重${question.fields.length ? '写' : '选'}。`;
  say(question, text, 'is-failed');
  announce(text);
  paint(question);
}

function takeRefused(question, entry, said) {
  drop(question.number, entry.revision);
  const text = said.message || `没有保存，请重${question.fields.length ? '写' : '选'}一次。`;
  question.isRefused = said.error === 'refused';
  say(question, text, 'is-failed');
  announce(text);
  paint(question);
  // The server takes no more answers, whatever the timer says; the message stays for as long as it takes to read.
  const next = said.error === 'taken' ? location.pathname : settings.receiptUrl;
  if (said.error !== 'refused' && !waiting().length) leaveWhenRead(next);
}

/** Try again after a while, longer each time. */
export function retryLater() {
  const seconds = RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)];
  failures += 1;
  for (const number of waiting()) say(byNumber.get(Number(number)), '暂存本机，恢复后自动保存', 'is-waiting');
  setOffline(true);
  drawState();
  retryTimer = setTimeout(send, seconds * 1000 * (0.8 + Math.random() * 0.4));
}

function setOffline(isOffline) {
  if (root.classList.contains('is-offline') === isOffline) return;
  root.classList.toggle('is-offline', isOffline);
  drawState();
  // The bar's text never changes, so nobody who listens would learn of it.
  announce(isOffline ? one('#offline-bar').textContent : '已经连上服务器。');
}

/** Send at once what waits; false where nothing does. */
export function sendNow() {
  failures = 0;
  if (!waiting().length) return false;
  send();
  return true;
}

/** Leave in a while; an answer that was given meanwhile is sent first, and what is said of it is read as well. */
function leaveWhenRead(url) {
  if (isBeingRead) return;
  isBeingRead = true;
  setTimeout(() => {
    isBeingRead = false;
    if (!waiting().length) leaveFor(url);
  }, READING);
}

/** Leave, once: pulse, hand-in and a refused save may all find out together that it is over. */
export function leaveFor(url) {
  if (isBeingRead || state.isOver) return;
  state.isOver = true;
  location.assign(url);
}
