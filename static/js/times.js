/**
 * Tells recent times as “2 h ago”, reckoned at the reader. The full time stays in the page: it shows on hover and focus,
 * is what a screen reader says, and is what gets printed. It also keeps its room, so nothing moves when this runs.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TOLD_FOR = 2 * DAY;

/** Words for the time since `then`, both in milliseconds; null when the date says more. Never a time to come. */
export function ago(then, now) {
  const since = Math.max(0, now - then);
  if (since >= TOLD_FOR) return null;
  if (since < MINUTE) return "just now";
  if (since < HOUR) return `${Math.floor(since / MINUTE)} min ago`;
  if (since < DAY) return `${Math.floor(since / HOUR)} h ago`;
  return "1 day ago";
}

/** A reader's clock that is slow is corrected by the page itself: what it tells has happened already. */
export function presentMoment(clock, told) {
  return Math.max(clock, ...told);
}

function split(time) {
  const full = document.createElement("span");
  full.className = "time__full";
  full.append(...time.childNodes);
  const relative = document.createElement("span");
  relative.className = "time__relative";
  relative.setAttribute("aria-hidden", "true");
  time.append(full, relative);
  time.classList.add("time");
  if (!time.closest("a")) time.tabIndex = 0;
}

function join(time) {
  time.textContent = time.querySelector(".time__full").textContent;
  time.classList.remove("time");
  time.removeAttribute("tabindex");
}

function tell() {
  const times = [...document.querySelectorAll("time[data-relative]")];
  const told = times.map((time) => Date.parse(time.dateTime)).filter(Number.isFinite);
  const now = presentMoment(Date.now(), told);
  for (const time of times) {
    const words = ago(Date.parse(time.dateTime), now);
    const isSplit = time.classList.contains("time");
    if (words && !isSplit) split(time);
    if (words) time.querySelector(".time__relative").textContent = words;
    if (!words && isSplit) join(time);
  }
}

tell();
setInterval(tell, MINUTE);
addEventListener("pageshow", tell);
