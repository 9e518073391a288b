// Keeps the page of the hall screens, with its styles and script, for a start without the server. The
// page that is kept comes first, always: no proxy's error and nobody's sign-in page takes its place,
// and no slow answer keeps the glass dark. A newer page is fetched whole before it replaces this one;
// when, is up to the player (player.js), which also keeps what is shown on it.
'use strict';

const PAGES = 'screen-pages';
const FILES = 'screen-files';
const SCREENS = '/public/screen/';
const FILE = /\/static\/[0-9a-f]{12}\/screens\/[a-z]+\.(?:css|js)/g;
const MARK = 'name="clean-window-player"';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && url.pathname.startsWith(SCREENS)) {
    event.respondWith(keptOr(PAGES, url.pathname, request));
  } else if (url.pathname.match(FILE)) {
    event.respondWith(keptOr(FILES, url.pathname, request));
  }
});

self.addEventListener('message', (event) => {
  const [port] = event.ports;
  const tell = (isKept) => port && port.postMessage(isKept);
  event.waitUntil(keep(event.data.keep, event.data.shell).then(tell, () => tell(false)));
});

async function keptOr(name, path, request) {
  const kept = await (await caches.open(name)).match(path, { ignoreVary: true });
  return kept || fetch(request);
}

// Whole or not at all; a page of the way there may well come with status 200. With a shell only the
// page that has it: a cache on the way may still hold the one before.
async function keep(path, shell) {
  const answer = await fetch(path, { cache: 'no-cache', credentials: 'omit' });
  const text = await answer.clone().text();
  if (answer.status !== 200 || answer.redirected || !text.includes(MARK)) return false;
  if (shell && !text.includes(`${MARK} content="${shell}"`)) return false;
  const [pages, files] = [await caches.open(PAGES), await caches.open(FILES)];
  for (const file of new Set(text.match(FILE))) {
    if (await files.match(file, { ignoreVary: true })) continue;
    const found = await fetch(file, { cache: 'no-cache', credentials: 'omit' });
    const kind = found.headers.get('Content-Type') || '';
    if (found.status !== 200 || found.redirected || !/^text\/(css|javascript)/.test(kind)) return false;
    await files.put(file, found);
  }
  await pages.put(path, answer);
  await prune(pages, files);
  return true;
}

// A file goes once no page that is kept names it.
async function prune(pages, files) {
  const texts = await Promise.all((await pages.matchAll()).map((each) => each.text()));
  for (const request of await files.keys()) {
    const { pathname } = new URL(request.url);
    if (!texts.some((text) => text.includes(pathname))) await files.delete(request);
  }
}
