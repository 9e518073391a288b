// What all parts of a sitting's page share: its elements, what the server wrote on them, and how a request goes out.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export const root = document.documentElement;
export const bar = one('#exam');
export const paper = one('#paper');
// The addresses, the sitting and the person as the template writes them into data-…
export const settings = bar.dataset;

const REQUEST_TIMEOUT = 15000;
let token = one('input[name=csrf_token]', paper).value;

/** Take the token of a new session, for every form of the page. */
export function useToken(value) {
  token = value;
  all('input[name=csrf_token]').forEach((input) => { input.value = value; });
}

/** Send a form; rejects without network and without an answer in time. */
export async function post(url, fields, headers = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), REQUEST_TIMEOUT);
  try {
    return await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      credentials: 'same-origin',
      headers: { ...headers, 'X-CSRFToken': token },
      signal: stop.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Ask for something; never out of the browser's own store. */
export function get(url) {
  return fetch(url, { credentials: 'same-origin', cache: 'no-store' });
}
