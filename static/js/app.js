// What every page may use: menu, dialogs, confirmation, toasts, failed requests, buttons that wait.
// A plain ES module for Chromium 86 and later. Every form and link works without it.
// The markup that it fills stands in templates/_macros/feedback.html.

const one = (selector, root = document) => root.querySelector(selector);
const copyOf = (id) => one(id).content.firstElementChild.cloneNode(true);

// ---------- said aloud, said in passing ----------

/** Say a sentence to people who hear the page. */
export function announce(text) {
  const live = one('#live');
  live.textContent = '';
  setTimeout(() => { live.textContent = text; }, 50);
}

/** Show a short message of success that goes by itself; it stays while the pointer or the focus is on it. */
export function toast(text) {
  const box = copyOf('#toast-template');
  one('[data-text]', box).textContent = text;
  one('#toasts').append(box);
  const leave = () => {
    if (box.matches(':hover') || box.contains(document.activeElement)) setTimeout(leave, 3000);
    else box.remove();
  };
  setTimeout(leave, 8000);
}

// The server sends HX-Trigger: {"toast": {"text": "已保存"}}.
document.addEventListener('toast', ({ detail }) => toast(detail.text || detail.value));

// ---------- a request that failed ----------

const KEPT = '填写的内容还在本页。';
const ADVICE = {
  400: ['页面已过期', '这一页打开得太久了。请先记下填写的内容，再刷新页面重新提交。'],
  401: ['登录已过期', '请先记下填写的内容，再刷新页面重新登录。'],
  403: ['不能办理', '你没有办理这一项的权限。刚换过岗位的，请刷新页面；仍然不行，请联系本部门联络员。'],
  404: ['找不到这一项', '它可能已经撤下，或者不归你办理。请刷新页面查看最新情况。'],
  409: ['内容已有变化', '别人刚刚改过这一项。请记下你的修改，刷新页面，在最新内容上再改。'],
  413: ['文件太大', '请压缩图片或拆分文件后重新选择。'],
  429: ['操作太频繁', KEPT],
  503: ['现在办理的人较多', `${KEPT}这一步还没有办成。`],
};
const OFFLINE = ['网络已断开', `${KEPT}请检查网线或无线网络，恢复后再试一次。`];
const UNREACHABLE = ['连不上服务器', `${KEPT}请稍后再试；同事也打不开时，请联系系统管理员。`];
const SLOW = ['服务器没有及时答复', '这一步可能已经办成。请先刷新页面看结果，没有办成再重新提交。'];
const BROKEN = ['服务器出了差错', `${KEPT}请过一会儿再试；仍然不行，请联系系统管理员`];

/** What to tell a person when the server could not say it: heading, advice, and the request's number if there is one. */
export function adviceFor(status, retryAfter = '', number = '') {
  if (status === 0) return navigator.onLine ? UNREACHABLE : OFFLINE;
  const [heading, advice] = ADVICE[status] || BROKEN;
  const wait = /^\d+$/.test(retryAfter) ? `请过${Math.max(1, Number(retryAfter))}秒再试。` : '请过一会儿再试。';
  const when = status === 503 || status === 429 ? wait : '';
  const name = ADVICE[status] ? '' : number ? '，并告知下面的编号。' : '。';
  return [heading, advice + when + name, number];
}

let problemFrom = null;   // the element whose request failed; its next success takes the message away

/** Show a failure that stays until it is closed or its cause is gone. */
export function showProblem([heading, advice, number = ''], from = null) {
  problemFrom = from;
  const region = one('#problem');
  const same = region.textContent.includes(advice) && region.textContent.includes(heading);
  if (same) return;       // a page that polls must not say it every second
  const box = copyOf('#problem-template');
  one('[data-heading]', box).textContent = heading;
  one('[data-text]', box).textContent = advice;
  one('[data-number]', box).textContent = number;
  region.replaceChildren(box);
}

/** Take the message away, whoever's it is. */
export function clearProblem() {
  problemFrom = null;
  one('#problem').replaceChildren();
}

/** What the server itself says, in templates/errors/_error.html; a proxy's own page says nothing to people. */
function saidByServer(html) {
  const box = one('.problem-box', new DOMParser().parseFromString(html, 'text/html'));
  const text = (name) => (box ? one(`[data-${name}]`, box).textContent.trim() : '');
  return [text('heading'), text('text'), text('number')];
}

document.addEventListener('htmx:responseError', ({ detail: { xhr, elt } }) => {
  const [heading, advice, number] = saidByServer(xhr.responseText);
  const wait = xhr.getResponseHeader('Retry-After') || '';
  const own = adviceFor(xhr.status, wait, number);
  showProblem(heading && !wait ? [heading, advice, number] : own, elt);
});
document.addEventListener('htmx:sendError', ({ detail }) => showProblem(adviceFor(0), detail.elt));
document.addEventListener('htmx:timeout', ({ detail }) => showProblem(SLOW, detail.elt));

// ---------- a form on its way ----------

const waiting = new Map();   // form -> its buttons that were enabled, and what had the focus

function lock(form) {
  const buttons = [...form.elements].filter((item) => item.type === 'submit' && !item.disabled);
  waiting.set(form, { buttons, focus: document.activeElement });
  buttons.forEach((button) => { button.disabled = true; });
  form.setAttribute('aria-busy', 'true');
}

function unlock(form) {
  const { buttons, focus } = waiting.get(form);
  waiting.delete(form);
  buttons.forEach((button) => { button.disabled = false; });
  form.removeAttribute('aria-busy');
  if (document.activeElement === document.body && focus.isConnected) focus.focus();
}

// A plain form: locked after the browser has taken its data, unlocked when the page comes back from the cache.
// data-download: the answer is a file, the page stays, so the form is never locked.
document.addEventListener('submit', (event) => {
  const form = event.target;
  const attribute = (name) => (form.getAttribute(name) || '').toLowerCase();   // a field may be called method
  if (event.defaultPrevented || attribute('method') !== 'post' || attribute('target') || 'download' in form.dataset) return;
  setTimeout(() => lock(form));
});
addEventListener('pageshow', (event) => {
  if (event.persisted) [...waiting.keys()].forEach(unlock);
});

// A form sent by htmx.
const sentForms = new WeakMap();   // request -> form
document.addEventListener('htmx:beforeSend', ({ detail }) => {
  const form = detail.elt.closest('form') || detail.elt.form;
  if (!form || detail.requestConfig.verb === 'get' || waiting.has(form)) return;
  sentForms.set(detail.xhr, form);
  lock(form);
});
document.addEventListener('htmx:afterRequest', ({ detail }) => {
  const form = sentForms.get(detail.xhr);
  if (form && waiting.has(form)) unlock(form);
  const cured = detail.xhr.status >= 200 && detail.xhr.status < 400;
  if (problemFrom && cured && (problemFrom === detail.elt || !problemFrom.isConnected)) clearProblem();
});

// ---------- after a swap ----------

const focusSummary = (root) => {
  const summary = one('.error-summary', root);
  if (summary) summary.focus();
  return summary;
};

document.addEventListener('htmx:afterSettle', (event) => {
  const root = event.target;
  if (event.detail.xhr && event.detail.xhr.status === 422 && focusSummary(root)) return;
  const news = root.matches('[data-announce]') ? root : one('[data-announce]', root);
  if (!news) return;
  announce(news.textContent.replace(/\s+/g, ' ').trim());
  // What had the focus may be gone, such as 下一页 on the last page.
  const lost = document.activeElement === document.body && news.hasAttribute('tabindex');
  if (lost) news.focus({ preventScroll: true });
});
focusSummary(document);

// ---------- dialogs ----------

/** Open a dialog; the focus comes back to where it was. */
export function openDialog(dialog) {
  const back = document.activeElement;
  dialog.addEventListener('close', () => { if (back.isConnected) back.focus(); }, { once: true });
  dialog.showModal();
}

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open]');
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();   // without the script a link leads to a page that does the same
    openDialog(one(opener.dataset.open));
  }
  const closer = event.target.closest('[data-close]');
  if (closer) closer.closest('dialog').close();
  const dismiss = event.target.closest('[data-dismiss]');
  if (dismiss && dismiss.closest('#problem')) clearProblem();
  else if (dismiss) dismiss.closest('.toast').remove();
});

// ---------- confirmation ----------

// <form data-confirm="question" data-confirm-title data-confirm-label>: the server asks on a page of its own unless
// the field confirmed=yes comes along. Here the question is put in a dialog, which then sends that field.
let asked = null;   // the form and the button that wait for an answer

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset.confirm || one('input[name=confirmed]', form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { confirm, confirmTitle, confirmLabel } = form.dataset;
  const button = event.submitter;
  asked = { form, button };
  one('#confirm-title').textContent = confirmTitle || '请确认';
  one('#confirm-text').textContent = confirm;
  one('#confirm-yes').textContent = confirmLabel || (button && button.textContent.trim()) || '确定';
  openDialog(one('#confirm'));
}, true);

document.addEventListener('click', (event) => {
  if (!asked || !event.target.closest('#confirm-yes')) return;
  const { form, button } = asked;
  asked = null;
  one('#confirm').close();
  const field = document.createElement('input');
  Object.assign(field, { type: 'hidden', name: 'confirmed', value: 'yes' });
  form.append(field);
  form.requestSubmit(button);
  setTimeout(() => field.remove());   // a second try asks again
});

// ---------- menu and other folding parts ----------

const setOpen = (toggle, open) => {
  toggle.setAttribute('aria-expanded', open);
  one(toggle.dataset.toggle).classList.toggle('is-open', open);
};
const isOpen = (toggle) => toggle.getAttribute('aria-expanded') === 'true';
const menu = one('.menu');
if (menu) {   // a link to the navigation without the script, a button with it
  menu.setAttribute('role', 'button');
  menu.setAttribute('aria-expanded', 'false');
  menu.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    menu.click();
  });
}

document.addEventListener('click', (event) => {
  const toggle = event.target.closest('[data-toggle]');
  if (toggle) {
    event.preventDefault();
    setOpen(toggle, !isOpen(toggle));
  } else if (menu && isOpen(menu) && !event.target.closest('.side')) {
    setOpen(menu, false);
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !menu || !isOpen(menu)) return;
  setOpen(menu, false);
  menu.focus();
});

// ---------- many boxes at once ----------
// <p data-choices="id of the group" hidden> with buttons data-choose="all" and "none"; without this script it stays away.

const showChoosers = () => document.querySelectorAll('[data-choices]').forEach((tools) => { tools.hidden = false; });
showChoosers();
document.addEventListener('htmx:afterSettle', showChoosers);
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-choose]');
  if (!button) return;
  const group = document.getElementById(button.closest('[data-choices]').dataset.choices);
  const boxes = [...group.querySelectorAll('input[type=checkbox]')];
  boxes.forEach((box) => { box.checked = button.dataset.choose === 'all'; });
  announce(`已选${boxes.filter((box) => box.checked).length}项。`);
});
