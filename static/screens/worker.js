// Keeps the page of the hall screens for when the server is gone: the last one that was whole, with
// its styles and script. What is shown on it comes from the player itself (player.js).
'use strict';

const PAGES = 'screen-pages';
const FILES = 'screen-files';
const SCREENS = '/public/screen/';
const FILE = /^\/static\/[0-9a-f]{12}\/screens\//;
const WAIT = 4000;
const MARK = 'name="clean-window-player"';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && url.pathname.startsWith(SCREENS)) {
    event.respondWith(page(event.request, url));
  } else if (FILE.test(url.pathname)) {
    event.respondWith(file(event.request));
  }
});

// The player names what its page is made of; only what is there whole is kept, then the rest goes.
self.addEventListener('message', (event) => {
  if (event.data && event.data.keep) event.waitUntil(keep(event.data.keep));
});

async function page(request, url) {
  const kept = async () => (await caches.open(PAGES)).match(url.pathname);
  try {
    const answer = await within(fetch(request), WAIT);
    if (await isPlayer(answer)) return answer;
    return (await kept()) || answer;
  } catch (error) {
    return (await kept()) || Response.error();
  }
}

async function file(request) {
  const kept = await (await caches.open(FILES)).match(request);
  return kept || fetch(request);
}

function within(promise, wait) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('no answer')), wait);
    promise.then(resolve, reject);
  });
}

// A page of the way there (a proxy's error, somebody's sign-in) may well come with status 200.
async function isPlayer(answer) {
  if (answer.status !== 200 || answer.redirected) return false;
  return (await answer.clone().text()).includes(MARK);
}

async function keep({ page: path, files }) {
  const [pages, kept] = [await caches.open(PAGES), await caches.open(FILES)];
  const missing = [];
  for (const url of files) if (!(await kept.match(url))) missing.push(url);
  const answers = await Promise.all([path, ...missing].map((url) => fetch(url, { cache: 'no-cache' })));
  if (!(await isPlayer(answers[0])) || answers.some((answer) => answer.status !== 200)) return;
  await Promise.all(missing.map((url, place) => kept.put(url, answers[place + 1])));
  await pages.put(path, answers[0]);
  // A file goes once no page that is kept names it.
  const texts = await Promise.all((await pages.matchAll()).map((each) => each.text()));
  for (const request of await kept.keys()) {
    const name = new URL(request.url).pathname;
    if (!texts.some((text) => text.includes(name))) await kept.delete(request);
  }
}
