// Handing in: what is still open is listed first, then the outbox is emptied, then the sitting ends.

import { announce, openDialog } from '../js/app.js';
import { all, one, post, settings } from './page.js';
import { isAnswered, questions } from './questions.js';
import { waiting } from './outbox.js';
import { leaveFor, plan, retryLater, send, state } from './sending.js';
import { askPassword } from './password.js';
import { pulse } from './pulse.js';
import { show } from './views.js';
import { flush } from './typing.js';

const dialog = one('#hand-in');
const buttons = all('#hand-in-open, #finish');
let isByClock = false;

/** Show how far the person is, with a button to each question that he may still want to see. */
export function askHandIn() {
  flush();
  const missing = questions.filter((question) => !isAnswered(question));
  const flagged = questions.filter((question) => question.isFlagged);
  const parts = [
    missing.length ? `还有${missing.length}道题未作答` : '全部作答',
    flagged.length ? `${flagged.length}道题已标记` : '',
  ];
  one('#hand-in-text').textContent = `${parts.filter(Boolean).join('，')}。交卷后不能修改。`;
  listLeads(one('#hand-in-missing'), missing);
  listLeads(one('#hand-in-flagged'), flagged);
  const kept = waiting().length;
  one('#hand-in-unsaved').hidden = !kept;
  one('#hand-in-unsaved').textContent = `有${kept}题还没有存到服务器，交卷时先保存。`;
  openDialog(dialog);
}

function listLeads(group, found) {
  group.hidden = !found.length;
  one('ul', group).replaceChildren(...found.map((question) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'btn btn-small num', textContent: String(question.place) });
    button.setAttribute('aria-label', `去第${question.place}题`);
    button.addEventListener('click', () => lead(question));
    item.append(button);
    return item;
  }));
}

function lead(question) {
  // The focus comes back to where it was when the dialog closes; only then it goes on to the question.
  dialog.addEventListener('close', () => show(question), { once: true });
  dialog.close();
}

/** The time of this page is over: hand in, unless the server has given more meanwhile. */
export function handInByClock() {
  isByClock = true;
  handIn();
}

/** Go on answering: the server says that it is not over. */
function goOn() {
  isByClock = false;
  state.isHandingIn = false;
  buttons.forEach((button) => button.removeAttribute('aria-disabled'));
  send();
}

/** First everything in the outbox, then the hand-in itself; both are tried again until the server has answered. */
export function handIn() {
  state.isHandingIn = true;
  flush();
  buttons.forEach((button) => button.setAttribute('aria-disabled', 'true'));
  announce('正在交卷。');
  plan(sendHandIn);
  send();
}

async function sendHandIn() {
  const said = isByClock ? await pulse() : null;
  if (said && !said.over && (said.stopped || said.seconds_left > 0)) {
    goOn();
    return;
  }
  try {
    const response = await post(settings.handInUrl, {});
    if (response.ok && new URL(response.url).pathname === settings.receiptUrl) {
      leaveFor(settings.receiptUrl);
      return;
    }
    if (response.ok && new URL(response.url).pathname === location.pathname) {
      goOn();   // paused in this very moment, or taken over: the pulse says which
      pulse();
      return;
    }
    // Without a session the answer is a page to sign in, wherever that is.
    if (response.status === 401 || response.status === 400 || response.ok) {
      plan(sendHandIn);
      askPassword(send);
      return;
    }
  } catch (error) {
    // No network: the same as a server that is gone.
  }
  plan(sendHandIn);
  retryLater();
}

one('#hand-in-open').addEventListener('click', (event) => {
  event.preventDefault();
  askHandIn();
});
one('#finish').addEventListener('click', askHandIn);
one('#hand-in-yes').addEventListener('click', () => {
  dialog.close();
  isByClock = false;
  handIn();
});
