// Signing in when many do at once: the page waits for its turn and tries again, so that nobody types twice.
// Without this script the form says when to press the button again. Chromium 86 and later.

import { announce } from './app.js';

const MOST_TRIES = 20;

const pause = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });

function say(form, text) {
  const line = form.querySelector('[data-queue]');
  line.textContent = text;
  announce(text);
}

/** Send the form until the server has room; gives its answer. */
async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  for (let turn = 1; ; turn += 1) {
    const response = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin' });
    if (response.status !== 503 || turn === MOST_TRIES) return response;
    say(form, '现在登录的人较多，正在排队，请稍候…');
    await pause((Number(response.headers.get('Retry-After')) || 3) * (0.7 + Math.random() * 0.6));
  }
}

async function show(response) {
  if (response.redirected && response.ok) {
    location.assign(response.url);
    return;
  }
  const answer = new DOMParser().parseFromString(await response.text(), 'text/html');
  document.querySelector('main').replaceWith(answer.querySelector('main'));
  const summary = document.querySelector('.error-summary');
  if (summary) summary.focus();
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('[data-sign-in]')) return;
  event.preventDefault();
  const button = form.querySelector('[type=submit]');
  button.disabled = true;
  say(form, '');
  try {
    await show(await send(form));
  } catch (error) {
    say(form, '连不上服务器，请检查网络后再点“登录”。');
  }
  button.disabled = false;
});
