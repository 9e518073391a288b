// The time that is left. A monotonic clock: setting the PC's clock neither gives nor takes time. It stands still while
// the machine sleeps, so every answer to a save sets it right, and so does a question of its own where nothing is saved.

import { announce } from '../js/app.js';
import { bar, get, one, root, settings } from './page.js';

const TOLERANCE = 2000;
const shown = one('[data-timer]');
const low = Number(settings.low);

let endsAt = performance.now() + Number(settings.seconds) * 1000;
let wallAhead = Date.now() - performance.now();
let isLow = false;
let isWarned = false;

export function setClock(seconds) {
  if (!Number.isFinite(seconds)) return;
  const at = performance.now() + seconds * 1000;
  // Less is the time that the answer was on its way.
  if (Math.abs(at - endsAt) >= TOLERANCE) endsAt = at;
}

/** Ask the server how much time is left. */
export async function askClock() {
  try {
    const response = await get(settings.clockUrl);
    if (!response.ok) return;   // without a session the next save asks for the password
    setClock((await response.json()).seconds_left);
    draw();
  } catch (error) {
    // No network yet: the event `online` asks again.
  }
}

/** Show the time; touches the page only where something has changed. Gives the seconds that are left. */
function draw() {
  const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
  const pad = (value) => String(value).padStart(2, '0');
  const text = `${pad(Math.floor(left / 60))}:${pad(left % 60)}`;
  if (shown.textContent !== text) shown.textContent = text;
  if (isLow !== left <= low) {
    isLow = !isLow;
    root.classList.toggle('is-low', isLow);
    bar.classList.toggle('is-low', isLow);
  }
  if (isLow && !isWarned) {
    isWarned = true;
    announce(`剩余时间不到${Math.ceil(left / 60)}分钟，到时自动交卷。`);
  }
  return left;
}

/** Let the clock run: onWake after a sleep of the machine, onOver at every tick once no time is left. */
export function runClock({ onWake, onOver }) {
  const tick = () => {
    const ahead = Date.now() - performance.now();
    // The clock on the wall has run while ours stood still: the machine has slept, whether or not an event says so.
    if (Math.abs(ahead - wallAhead) >= TOLERANCE) {
      wallAhead = ahead;
      onWake();
    }
    if (draw() === 0) onOver();
  };
  tick();
  setInterval(tick, 500);
}
