// A session that has gone: the password is asked for in place, and the answers wait in the outbox meanwhile.

import { openDialog } from '../js/app.js';
import { get, one, post, settings, useToken } from './page.js';

const dialog = one('#again');
const password = one('#again-password');
const code = one('#again-code');

let goOn = null;   // what was stopped by the missing session
let isAsking = false;

export const isAskingPassword = () => isAsking;

/** Ask for the password; `then` runs when the person is signed in again. */
export function askPassword(then) {
  goOn = then;
  isAsking = true;
  if (!dialog.open) openDialog(dialog);
  password.focus();
}

async function signInAgain() {
  const first = await (await get(settings.againUrl)).json();
  useToken(first.csrf_token);
  const fields = { staff_number: settings.staff, password: password.value, code: code.value };
  const response = await post(settings.againUrl, fields);
  const answer = await response.json();
  if (answer.error === 'second_factor') one('#again-second').hidden = false;
  if (!response.ok) return answer.message || '没有登录上，请再试一次。';
  useToken(answer.csrf_token);
  return '';
}

one('#again-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  event.stopPropagation();
  let problem = '';
  try {
    problem = await signInAgain();
  } catch (error) {
    problem = '连不上服务器，请稍后再试。答案还在本机。';
  }
  one('#again-error').textContent = problem;
  if (problem) return;
  password.value = '';
  code.value = '';
  isAsking = false;
  dialog.close();
  goOn();
}, true);
dialog.addEventListener('close', () => {
  // Closed without a password: answers stay here, and the next change asks again.
  isAsking = false;
});
