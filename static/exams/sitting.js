// A sitting: one question at a time, every choice saved at once, nothing lost when network or server are gone.
//
// Each change goes into an outbox in localStorage under the person and the sitting, and leaves it only when the
// server has answered that the row is committed. One request is under way at a time. An answer of the server that
// is no promise (no network, 5xx, session gone) leaves the outbox as it is. Chromium 86 and later.

import { announce, openDialog } from '../js/app.js';

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const bar = one('#exam');
const paper = one('#paper');
const { sitting, staff, saveUrl, handInUrl, receiptUrl, clockUrl, againUrl } = bar.dataset;
const OUTBOX = `clean-window:outbox:${staff}:${sitting}`;
const RETRY_SECONDS = [1, 2, 4, 8, 10];
const REQUEST_TIMEOUT = 15000;
const CLOCK_TOLERANCE = 2000;
// What the server can say about an answer that it does not take; anything else is no decision about it.
const REFUSALS = ['refused', 'late', 'sealed'];

let token = one('input[name=csrf_token]', paper).value;

// ---------- the questions on the page ----------

const KEYS = 'ABCDEFGH';   // the letters that stand before the options, in their order

const questions = all('.question').map((element) => {
  const kept = one('input[type=hidden]', element);   // what the server holds: the revision, and whether it is flagged
  return {
    element,
    number: Number(element.id.slice(1)),
    inputs: all('.option input', element),
    status: one('.saved', element),
    isFlagged: kept.hasAttribute('data-flagged'),
    revision: Number(kept.value),
  };
});
const byNumber = new Map(questions.map((question) => [question.number, question]));
const questionOf = (target) => questions.find((question) => question.element.contains(target));
let current = questions[0];

const chosenOf = (question) => question.inputs.filter((input) => input.checked).map((input) => input.value);
const isAnswered = (question) => question.inputs.some((input) => input.checked);

function choose(question, values) {
  question.inputs.forEach((input) => { input.checked = values.includes(input.value); });
}

// ---------- the outbox ----------

let outbox = {};   // number -> {chosen, flagged, revision}

function readOutbox() {
  try {
    return JSON.parse(localStorage.getItem(OUTBOX)) || {};
  } catch (error) {
    return {};
  }
}

/** Write down an entry, or that everything up to a revision has been dealt with; what another window keeps stays. */
function keep(number, settled = 0) {
  try {
    const kept = readOutbox();
    const entry = outbox[number];
    if (entry && entry.revision >= (kept[number] || entry).revision) kept[number] = entry;
    else if (kept[number] && kept[number].revision <= settled) delete kept[number];
    if (Object.keys(kept).length) localStorage.setItem(OUTBOX, JSON.stringify(kept));
    else localStorage.removeItem(OUTBOX);
  } catch (error) {
    // Storage full or switched off: the outbox lives on in this page, and leaving it asks first.
  }
}

function put(question) {
  outbox[question.number] = {
    chosen: chosenOf(question),
    flagged: question.isFlagged,
    revision: Math.max(question.revision, (outbox[question.number] || { revision: 0 }).revision) + 1,
  };
  keep(question.number);
  say(question, '正在保存…', 'is-waiting');
  refresh();
  send();
}

// ---------- sending ----------

let isSending = false;
let isOver = false;
let waitsForPassword = false;
let failures = 0;
let retryTimer = 0;
let whenEmpty = null;   // called once nothing is left to send

async function post(url, fields) {
  const body = new URLSearchParams(fields);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), REQUEST_TIMEOUT);
  try {
    return await fetch(url, {
      method: 'POST',
      body,
      credentials: 'same-origin',
      headers: { 'X-CSRFToken': token },
      signal: stop.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function send() {
  clearTimeout(retryTimer);
  if (isSending || waitsForPassword || isOver) return;
  const number = Object.keys(outbox)[0];
  if (number === undefined) {
    setOffline(false);
    if (whenEmpty) whenEmpty();
    return;
  }
  isSending = true;
  const entry = outbox[number];
  let isSettled = false;
  try {
    const fields = entry.chosen.map((value) => ['answer', value]);
    fields.push(['revision', entry.revision], ['flagged', entry.flagged ? '1' : '0']);
    const response = await post(`${saveUrl}/${number}`, fields);
    isSettled = await settle(byNumber.get(Number(number)), entry, response);
  } catch (error) {
    isSettled = false;   // no network, or no answer in time
  }
  isSending = false;
  if (isSettled) {
    failures = 0;
    send();
  } else if (!waitsForPassword && !isOver) {
    retryLater();
  }
}

/** Take in what the server said to one save; true when this entry needs no second try. */
async function settle(question, entry, response) {
  if (response.status === 401 || response.status === 400) {
    askPassword();
    return false;
  }
  if (response.status >= 500 || response.status === 429) return false;
  let answer = {};
  try {
    answer = await response.json();
  } catch (error) {
    return false;   // a proxy's page, not the site's answer
  }
  const isSaved = response.ok && answer.saved;
  // An error that is none of these, such as one of a page in between, decides nothing: the answer stays here.
  if (!isSaved && answer.error !== 'stale' && !REFUSALS.includes(answer.error)) return false;
  setOffline(false);
  if (isSaved) {
    setClock(answer.seconds_left);
    question.revision = answer.revision;
    drop(question, entry);
    if (!outbox[question.number]) say(question, `${answer.saved_at} 已保存`, '');
    return true;
  }
  if (answer.error === 'stale') {
    setClock(answer.seconds_left);
    adopt(question, answer);
    return true;
  }
  drop(question, entry);
  say(question, answer.message || '没有保存，请重选一次。', 'is-failed');
  announce(answer.message || '没有保存，请重选一次。');
  if (answer.error === 'late' || answer.error === 'sealed') finishLate();
  return true;
}

/** Forget an entry, unless the person has changed it again in the meantime. */
function drop(question, entry) {
  const now = outbox[question.number];
  if (now && now.revision === entry.revision) delete outbox[question.number];
  keep(question.number, entry.revision);
  refresh();
}

/** Another window has answered this question later: show what is stored, and say so. */
function adopt(question, stored) {
  delete outbox[question.number];
  keep(question.number, stored.revision);
  question.revision = stored.revision;
  choose(question, stored.chosen);
  const text = `第${question.number}题在另一个窗口改过，这里显示的是最后保存的答案；要改请重选。`;
  say(question, text, 'is-failed');
  announce(text);
  refresh();
}

function retryLater() {
  const seconds = RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)];
  failures += 1;
  setOffline(true);
  for (const number of Object.keys(outbox)) say(byNumber.get(Number(number)), '暂存本机，恢复后自动保存', 'is-waiting');
  retryTimer = setTimeout(send, seconds * 1000 * (0.8 + Math.random() * 0.4));
}

function setOffline(isOffline) {
  const { classList } = document.documentElement;
  if (classList.contains('is-offline') === isOffline) return;
  classList.toggle('is-offline', isOffline);
  // The bar's text never changes, so nobody who listens would learn of it.
  announce(isOffline ? one('#offline-bar').textContent : '已经连上服务器。');
}

/** Back from sleep, from another window or from a cut: send what waits, and ask how much time is left. */
function wake() {
  failures = 0;
  if (Object.keys(outbox).length) send();
  else askClock();
}

addEventListener('online', wake);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') wake();
});

// ---------- a session that has gone ----------

function askPassword() {
  waitsForPassword = true;
  const dialog = one('#again');
  if (!dialog.open) openDialog(dialog);
  one('#again-password').focus();
}

async function signInAgain() {
  const first = await (await fetch(againUrl, { credentials: 'same-origin', cache: 'no-store' })).json();
  token = first.csrf_token;
  const code = one('#again-code').value;
  const response = await post(againUrl, { staff_number: staff, password: one('#again-password').value, code });
  const answer = await response.json();
  if (answer.error === 'second_factor') one('#again-second').hidden = false;
  if (!response.ok) return answer.message || '没有登录上，请再试一次。';
  token = answer.csrf_token;
  all('input[name=csrf_token]').forEach((input) => { input.value = token; });
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
  one('#again-password').value = '';
  one('#again-code').value = '';
  waitsForPassword = false;
  one('#again').close();
  send();
}, true);
one('#again').addEventListener('close', () => {
  // Closed without a password: answers stay here, and the next change asks again.
  waitsForPassword = false;
});

// ---------- what the page shows ----------

function say(question, text, state) {
  question.status.textContent = text;
  question.status.className = `saved ${state}`;
}

const boxOf = (number) => one(`[data-box="${number}"]`);

function refresh() {
  let answered = 0;
  let flagged = 0;
  for (const question of questions) {
    const isDone = isAnswered(question);
    answered += isDone ? 1 : 0;
    flagged += question.isFlagged ? 1 : 0;
    question.inputs.forEach((input) => input.closest('.option').classList.toggle('is-chosen', input.checked));
    const box = boxOf(question.number);
    box.className = [isDone && 'is-done', question.isFlagged && 'is-flag', question === current && 'is-now'].filter(Boolean).join(' ');
    const words = [`第${question.number}题`, question === current && '当前题', isDone ? '已答' : '未答', question.isFlagged && '已标记'];
    const button = box.firstElementChild;
    button.setAttribute('aria-label', words.filter(Boolean).join('，'));
    if (question === current) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
  one('#counts').textContent = `已答${answered} · 标记${flagged} · 未答${questions.length - answered}`;
  const progress = one('.progress');
  progress.setAttribute('aria-label', `已答${answered}题，共${questions.length}题`);
  one('.fill', progress).setAttribute('width', String(answered * 100 / questions.length));
  one('#flag').setAttribute('aria-pressed', String(current.isFlagged));
  one('#previous').disabled = current === questions[0];
  one('#next').textContent = current === questions[questions.length - 1] ? '去交卷' : '下一题';
  return { answered, flagged };
}

function show(question, isMoved = true) {
  current.element.classList.remove('is-shown');
  current = question;
  current.element.classList.add('is-shown');
  refresh();
  if (!isMoved) return;
  scrollTo(0, 0);
  const target = current.inputs.find((input) => input.checked) || current.inputs[0];
  target.focus({ preventScroll: true });
}

const step = (by) => questions[questions.indexOf(current) + by];

paper.addEventListener('change', (event) => {
  if (event.target.matches('.option input')) put(questionOf(event.target));
});
paper.addEventListener('submit', (event) => event.preventDefault());
one('#previous').addEventListener('click', () => step(-1) && show(step(-1)));
one('#next').addEventListener('click', () => (step(1) ? show(step(1)) : askHandIn()));
one('#flag').addEventListener('click', () => {
  current.isFlagged = !current.isFlagged;
  put(current);
});
one('.boxes').addEventListener('click', (event) => {
  const box = event.target.closest('[data-box]');
  if (box) show(byNumber.get(Number(box.dataset.box)));
});

document.addEventListener('keydown', (event) => {
  // The password stands in a dialog; once that is shut its field may keep the focus for a moment.
  const isTyping = event.target.matches('textarea') || one('dialog[open]');
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey || isOver) return;
  const key = event.key.toUpperCase();
  const input = key.length === 1 && current.inputs[KEYS.indexOf(key)];
  if (input) input.click();
  else if (key === 'F') one('#flag').click();
  // The arrows change the question; a group of radio buttons would change the answer by them.
  else if (key === 'ARROWRIGHT' && step(1)) show(step(1));
  else if (key === 'ARROWLEFT' && step(-1)) show(step(-1));
  else return;
  event.preventDefault();
});

// ---------- time ----------

// A monotonic clock: setting the PC's clock neither gives nor takes time. It stands still while the machine sleeps,
// so every answer to a save sets it right, and so does a question of its own where nothing is saved.
let endsAt = performance.now() + Number(bar.dataset.seconds) * 1000;
let wallAhead = Date.now() - performance.now();
let isWarned = false;

function setClock(seconds) {
  if (!Number.isFinite(seconds)) return;
  const at = performance.now() + seconds * 1000;
  // Less is the time that the answer was on its way.
  if (Math.abs(at - endsAt) >= CLOCK_TOLERANCE) endsAt = at;
}

async function askClock() {
  if (isOver || isHandingIn) return;
  try {
    const response = await fetch(clockUrl, { credentials: 'same-origin', cache: 'no-store' });
    if (!response.ok) return;   // without a session the next save asks for the password
    setClock((await response.json()).seconds_left);
    tick();
  } catch (error) {
    // No network yet: the event `online` asks again.
  }
}

function tick() {
  const ahead = Date.now() - performance.now();
  // The clock on the wall has run while ours stood still: the machine has slept, whether or not an event says so.
  if (Math.abs(ahead - wallAhead) >= CLOCK_TOLERANCE) {
    wallAhead = ahead;
    wake();
  }
  const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
  const pad = (value) => String(value).padStart(2, '0');
  one('[data-timer]').textContent = `${pad(Math.floor(left / 60))}:${pad(left % 60)}`;
  const isLow = left <= Number(bar.dataset.low);
  document.documentElement.classList.toggle('is-low', isLow);
  bar.classList.toggle('is-low', isLow);
  if (isLow && !isWarned) {
    isWarned = true;
    announce(`剩余时间不到${Math.ceil(left / 60)}分钟，到时自动交卷。`);
  }
  if (left === 0 && !isOver && !isHandingIn) {
    // Not all in the same second: the grace of a minute leaves room for it.
    isHandingIn = true;
    setTimeout(handIn, Math.random() * 5000);
  }
}
setInterval(tick, 500);

// ---------- handing in ----------

let isHandingIn = false;

function askHandIn() {
  const { answered, flagged } = refresh();
  const missing = questions.length - answered;
  const parts = [missing ? `还有${missing}道题未作答` : '全部作答', flagged ? `${flagged}道题已标记` : ''];
  one('#hand-in-text').textContent = `${parts.filter(Boolean).join('，')}。交卷后不能修改。`;
  openDialog(one('#hand-in'));
}

one('#hand-in-open').addEventListener('click', (event) => {
  event.preventDefault();
  askHandIn();
});
one('#hand-in-yes').addEventListener('click', () => {
  one('#hand-in').close();
  isHandingIn = true;
  handIn();
});

/** First everything in the outbox, then the hand-in itself; both are tried again until the server has answered. */
function handIn() {
  one('#hand-in-open').setAttribute('aria-disabled', 'true');
  announce('正在交卷。');
  whenEmpty = sendHandIn;
  send();
}

async function sendHandIn() {
  whenEmpty = null;
  try {
    const response = await post(handInUrl, {});
    const isReceipt = response.ok && new URL(response.url).pathname === receiptUrl;
    if (isReceipt) {
      leaveFor(receiptUrl);
      return;
    }
    // Without a session the answer is a page to sign in, wherever that is.
    if (response.status === 401 || response.status === 400 || response.ok) {
      whenEmpty = sendHandIn;
      askPassword();
      return;
    }
  } catch (error) {
    // No network: the same as a server that is gone.
  }
  setOffline(true);
  failures += 1;
  whenEmpty = sendHandIn;
  retryTimer = setTimeout(send, RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)] * 1000);
}

/** The server takes no more answers, whatever the timer says; the message stays for as long as it takes to read. */
function finishLate() {
  if (!Object.keys(outbox).length) setTimeout(() => leaveFor(receiptUrl), 4000);
}

function leaveFor(url) {
  isOver = true;
  location.assign(url);
}

addEventListener('beforeunload', (event) => {
  if (isOver || !Object.keys(outbox).length) return;
  event.preventDefault();
  event.returnValue = '';
});

// ---------- beginning ----------

/** What an earlier page could not send: it goes out now, unless another window has answered later. */
function takeUpOutbox() {
  const left = readOutbox();
  const overtaken = [];
  for (const [key, entry] of Object.entries(left)) {
    const question = byNumber.get(Number(key));
    if (!question) {
      keep(key, entry.revision);
      continue;
    }
    const isSame = JSON.stringify([...entry.chosen].sort()) === JSON.stringify(chosenOf(question).sort());
    if (entry.revision > question.revision) {
      choose(question, entry.chosen);
      question.isFlagged = entry.flagged;
      outbox[key] = entry;
      continue;
    }
    keep(key, entry.revision);
    if (!isSame) {
      overtaken.push(key);
      const labels = entry.chosen.map((value) => KEYS[question.inputs.findIndex((input) => input.value === value)]);
      say(question, `本机曾选${labels.join('') || '空'}，没有送达；后来在另一个窗口改过，以显示的为准。`, 'is-failed');
    }
  }
  if (overtaken.length) announce(`第${overtaken.join('、')}题在另一个窗口改过，请核对。`);
}

takeUpOutbox();
document.documentElement.classList.add('is-ready');
show(questions.find((question) => !isAnswered(question)) || questions[0], false);
tick();
send();
