// Plays the slides of a group of hall screens, for weeks, whatever happens to the server.
//
// It never waits for the network: what is shown comes from the last manifest that was whole, held in
// memory and in localStorage. A manifest is believed only with status 200, as JSON, of this schema
// and group, with the right hash, and not older than the one held. When nothing may be shown, the
// neutral page is; there is no error page. Runs on Chromium 86, without a framework.
'use strict';

(() => {
  const SCHEMA = 1;
  const POLL = 30000;
  const PATIENCE = 10000;
  const LOOK_AGAIN = 5000;
  const GONE_AFTER = 5 * 60000;
  const JUMP = 30000;
  // Manifests in a row, each younger than the one before, after which the server's clock is believed.
  const CLOCK_SET_BACK = 3;
  const FIELDS = ['id', 'seconds', 'valid_from', 'valid_until', 'html'];

  const given = document.body.dataset;
  const neutral = document.getElementById('neutral');
  const layers = [document.getElementById('layer-a'), document.getElementById('layer-b')];
  const label = document.getElementById('kept');
  const KEY = `clean-window:screen:${given.group}`;

  let held = null;
  let tag = '';
  let shown = null;
  let front = 0;
  let position = -1;
  let playTimer = 0;
  // The server's time at its last answer, with the page's own clocks at that moment.
  let contact = { server: 0, page: 0, wall: 0 };
  let refused = { at: 0, count: 0 };

  // ---------- time: the server's, also without the server ----------

  function now() {
    if (contact.page !== null && contact.server) {
      return contact.server + performance.now() - contact.page;
    }
    // After a start without the server: its clock may be years behind, but time never runs back.
    return Math.max(contact.server, Date.now() + contact.server - contact.wall);
  }

  function meet(server) {
    contact = { server, page: performance.now(), wall: Date.now() };
    store(`${KEY}:contact`, { server, wall: contact.wall });
  }

  function hasJumped() {
    return Math.abs(Date.now() - contact.wall - (performance.now() - contact.page)) > JUMP;
  }

  // ---------- what is kept ----------

  function store(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch (error) {
      // Full or forbidden: what is in memory plays on.
    }
  }

  function recall(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      return null;
    }
  }

  function start() {
    const last = recall(`${KEY}:contact`);
    if (last && last.server > 0 && last.wall > 0) contact = { server: last.server, page: null, wall: last.wall };
    const manifest = recall(KEY);
    if (isWhole(manifest)) held = manifest;
    play();
    poll();
    register();
  }

  // ---------- which manifest is believed ----------

  function isWhole(manifest) {
    if (!manifest || manifest.schema !== SCHEMA || manifest.group !== given.group) return false;
    if (!Array.isArray(manifest.items) || !manifest.items.every(isItem)) return false;
    if (!(Date.parse(manifest.generated_at) > 0) || !(Date.parse(manifest.server_now) > 0)) return false;
    const text = manifest.items.map((item) => FIELDS.map((name) => String(item[name])).join('\x1f'));
    return sha256(text.join('\x1f')) === manifest.hash;
  }

  function isItem(item) {
    return Boolean(item) && typeof item.id === 'string' && typeof item.html === 'string'
      && item.seconds > 0 && item.seconds <= 600 && Date.parse(item.valid_from) > 0
      && (item.valid_until === '' || Date.parse(item.valid_until) > 0);
  }

  // A cache on the way may repeat an old one for ever; a server whose clock was set back goes on.
  function isYoung(manifest) {
    const at = Date.parse(manifest.generated_at);
    if (!held || at >= Date.parse(held.generated_at)) return true;
    refused = { at, count: at > refused.at ? refused.count + 1 : 1 };
    return refused.count >= CLOCK_SET_BACK;
  }

  // ---------- asking ----------

  async function poll() {
    try {
      await ask();
    } catch (error) {
      // No answer, or none that makes sense: what is held plays on.
    }
    tellAge();
    setTimeout(poll, POLL * (0.8 + 0.4 * Math.random()));
  }

  async function ask() {
    const isSure = held && tag && !hasJumped();
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(given.manifest, {
        headers: isSure ? { 'If-None-Match': tag } : {},
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: stop.signal,
      });
      if (isSure && answer.status === 304) {
        meet(now());
        renew(held.shell);
      } else if (answer.status === 200 && (answer.headers.get('Content-Type') || '').startsWith('application/json')) {
        take(await answer.json(), answer.headers.get('ETag') || '');
      }
    } finally {
      clearTimeout(timer);
    }
  }

  function take(manifest, newTag) {
    if (!isWhole(manifest) || !isYoung(manifest)) return;
    refused = { at: 0, count: 0 };
    const isOther = !held || held.hash !== manifest.hash;
    [held, tag] = [manifest, newTag];
    meet(Date.parse(manifest.server_now));
    store(KEY, manifest);
    // What was just taken down goes at once; what is still there keeps its turn.
    if (isOther && !held.items.some((item) => item.id === shown)) play();
    renew(manifest.shell);
  }

  // The page itself has changed, such as its canvas: load it anew, once for each change, and only
  // once the new page was seen whole, or is kept, where pages are kept. Until then this one plays on,
  // and the next answer tries again.
  async function renew(shell) {
    try {
      if (!shell || shell === given.shell || sessionStorage.getItem(KEY) === shell) return;
      const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
      if (!(await (worker ? keepPage(worker, shell) : isThere(shell)))) return;
      sessionStorage.setItem(KEY, shell);
      location.reload();
    } catch (error) {
      // Without its storage it would load itself again and again: this page plays on.
    }
  }

  // Without HTTPS nothing is kept: an error page loaded instead of this one would stay on the glass.
  async function isThere(shell) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(location.pathname, {
        cache: 'reload', credentials: 'omit', redirect: 'error', signal: stop.signal,
      });
      const mark = `name="clean-window-player" content="${shell}"`;
      return answer.status === 200 && (await answer.text()).includes(mark);
    } finally {
      clearTimeout(timer);
    }
  }

  // ---------- playing: two layers that take turns ----------

  function play() {
    clearTimeout(playTimer);
    let wait = LOOK_AGAIN;
    try {
      wait = turn();
    } finally {
      playTimer = setTimeout(play, wait);
    }
  }

  function turn() {
    const items = held ? held.items : [];
    const time = now();
    for (let step = 1; step <= items.length; step += 1) {
      const place = (position + step) % items.length;
      const item = items[place];
      const until = item.valid_until === '' ? Infinity : Date.parse(item.valid_until);
      if (Date.parse(item.valid_from) <= time && time < until) {
        position = place;
        show(item);
        return Math.max(200, Math.min(item.seconds * 1000, until - time));
      }
    }
    showNeutral();
    return LOOK_AGAIN;
  }

  function show(item) {
    if (shown === item.id) return;
    const back = 1 - front;
    layers[back].innerHTML = item.html;
    layers[back].classList.add('is-shown');
    layers[front].classList.remove('is-shown');
    neutral.classList.remove('is-shown');
    [front, shown] = [back, item.id];
  }

  function showNeutral() {
    neutral.classList.add('is-shown');
    layers.forEach((layer) => layer.classList.remove('is-shown'));
    [position, shown] = [-1, null];
  }

  function tellAge() {
    const isOld = contact.server > 0 && now() - contact.server > GONE_AFTER;
    label.hidden = !isOld;
    // The hall's clock is eight hours ahead of UTC, all the year.
    const at = new Date(contact.server + 8 * 3600000);
    const two = (number) => String(number).padStart(2, '0');
    const text = `内容更新于${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
    if (isOld && label.textContent !== text) label.textContent = text;
  }

  // ---------- the page itself, kept for a start without the server ----------

  async function register() {
    // Only with HTTPS, or on the machine itself; the group's page says which.
    if (!navigator.serviceWorker) return;
    try {
      await navigator.serviceWorker.register(given.worker, { scope: given.scope });
      const registration = await navigator.serviceWorker.ready;
      await keepPage(registration.active);
    } catch (error) {
      // The server is gone: what was kept before stays.
    }
  }

  // With a shell only the page that has it.
  function keepPage(worker, shell = '') {
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => resolve(event.data);
      worker.postMessage({ keep: location.pathname, shell }, [channel.port2]);
    });
  }

  // ---------- SHA-256 (FIPS 180-4): browsers have none of their own without HTTPS ----------

  const PRIMES = [];
  for (let n = 2; PRIMES.length < 64; n += 1) {
    if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
  }
  const fraction = (root) => ((root - Math.floor(root)) * 0x100000000) | 0;
  const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
  const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

  function sha256(text) {
    const bytes = new TextEncoder().encode(text);
    const size = (((bytes.length + 8) >> 6) + 1) << 6;
    const padded = new Uint8Array(size);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(size - 8, Math.floor(bytes.length / 0x20000000));
    view.setUint32(size - 4, bytes.length << 3);
    const state = START.slice();
    const words = new Int32Array(64);
    for (let block = 0; block < size; block += 64) mix(state, words, view, block);
    return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  function mix(state, words, view, block) {
    const turned = (word, by) => (word >>> by) | (word << (32 - by));
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(block + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const [early, late] = [words[i - 15], words[i - 2]];
      const one = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const two = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      words[i] = (words[i - 16] + one + words[i - 7] + two) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const one = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const first = (h + one + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
      const two = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const second = (two + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, place) => {
      state[place] = (state[place] + word) | 0;
    });
  }

  start();
})();
