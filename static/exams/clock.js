// The time that is left. A monotonic clock: setting the PC's clock neither gives nor takes time. It stands still while
// the machine sleeps, so every answer to a save and every pulse sets it right. While the exam is paused it stands still.

import { announce } from '../js/app.js';
import { bar, one, root, settings } from './page.js';

const TOLERANCE = 2000;
const shown = one('[data-timer]');
const low = Number(settings.low);

let endsAt = performance.now() + Number(settings.seconds) * 1000;
let wallAhead = Date.now() - performance.now();
let standsAt = null;   // the seconds that are left while the clock stands still
let isLow = false;
let isWarned = false;

export function setClock(seconds, isStopped = false) {
  if (!Number.isFinite(seconds)) return;
  standsAt = isStopped ? seconds : null;
  const at = performance.now() + seconds * 1000;
  // Less is the time that the answer was on its way.
  if (Math.abs(at - endsAt) >= TOLERANCE) endsAt = at;
}

/** Show the time; touches the page only where something has changed. Gives the seconds that are left. */
export function draw() {
  const left = standsAt === null ? Math.max(0, Math.round((endsAt - performance.now()) / 1000)) : standsAt;
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
    if (draw() === 0 && standsAt === null) onOver();
  };
  tick();
  setInterval(tick, 500);
}
