// The pulse of a sitting: every few seconds, while the page is seen, it asks for the time that is left, whether the clock
// stands still, and what organisers have said since. Extra time, a pause, a message reach the page within five seconds.

import { announce } from '../js/app.js';
import { one, post, settings } from './page.js';
import { waiting } from './outbox.js';
import { leaveFor, send, state } from './sending.js';
import { draw, setClock } from './clock.js';
import { askPassword, isAskingPassword } from './password.js';

const EVERY = 4000;
const TITLES = { pause: '考试暂停，计时停住', call_back: '已叫回窗口，计时停住' };
const SEEN = `clean-window:notices:${settings.sitting}`;
const list = one('#notices');

let known = readSeen();
let timer = 0;

function readSeen() {
  try {
    return Number(localStorage.getItem(SEEN)) || 0;
  } catch (error) {
    return 0;
  }
}

function keepSeen() {
  try {
    localStorage.setItem(SEEN, String(known));
  } catch (error) {
    // No storage: after a reload the notices stand there once more.
  }
}

/** Show a message until somebody says that he has read it. */
function showNotice({ text, at }) {
  const row = document.createElement('p');
  row.className = 'notice-row';
  const head = document.createElement('b');
  head.textContent = `考场通知 ${at}`;
  const words = document.createElement('span');
  words.textContent = text;
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'btn btn-small', textContent: '知道了' });
  button.addEventListener('click', () => {
    row.remove();
    if (!list.childElementCount) keepSeen();
  });
  row.append(head, words, button);
  list.append(row);
}

/** Hide the questions while the clock stands still, and show them again by itself. */
function showStopped(why) {
  const isStopped = Boolean(why);
  state.isStopped = isStopped;
  if (isStopped) one('#stopped-title').textContent = TITLES[why];
  // Another tab has asked: the page comes anew with what there is to do.
  if (why === 'call_back' && !one('#call-back')) leaveFor(location.pathname);
  if (document.body.classList.contains('is-stopped') === isStopped) return;
  document.body.classList.toggle('is-stopped', isStopped);
  announce(isStopped ? TITLES[why] : '考试继续，计时重新开始。');
  if (isStopped) one('#stopped').focus();
}

function take(said) {
  const wasStopped = state.isStopped;
  showStopped(said.stopped);
  setClock(said.seconds_left, state.isStopped);
  draw();
  said.notices.forEach(showNotice);
  known = Math.max(known, said.controls);
  if ((said.over || said.taken) && waiting().length) send();   // what comes of it is said answer by answer
  else if (said.over) leaveFor(settings.receiptUrl);
  else if (said.taken) leaveFor(location.pathname);
  else if (wasStopped && !state.isStopped) send();
}

/** Ask now; gives what the server said, or null where it said nothing. */
export async function pulse() {
  if (state.isOver) return null;
  clearTimeout(timer);
  try {
    const fields = { unsaved: waiting().length, known };
    const response = await post(settings.pulseUrl, fields, { 'HX-Request': 'true' });
    // Without a session the next save asks for the password; while nothing can be saved, this does.
    if (response.status === 401 && state.isStopped && !isAskingPassword()) askPassword(pulse);
    if (!response.ok) return null;
    const said = await response.json();
    take(said);
    return said;
  } catch (error) {
    return null;   // no network yet: the next one asks again
  } finally {
    plan();
  }
}

function plan() {
  clearTimeout(timer);
  if (document.visibilityState === 'visible') timer = setTimeout(pulse, EVERY * (0.9 + Math.random() * 0.1));
}

/** Begin to ask. */
export function beginPulse() {
  state.isStopped = Boolean(settings.stopped);
  setClock(Number(settings.seconds), state.isStopped);
  pulse();
}
