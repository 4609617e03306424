/**
 * Tells a reader who has an article open that something was added to it. The page says which addenda it was rendered
 * with, so a page from any cache is compared with what is true now. The browser's own cache makes the requests
 * conditional: an article that did not change costs an answer without a body.
 */

const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 600_000;
const LEAST_BETWEEN = 15_000;
const SLOWER_WHEN_QUIET = 1.5;
const SLOWER_WHEN_FAILING = 3;

/** “1 new correction”, “2 new updates”, and for several kinds at once “3 new additions”. */
export function words(added) {
  const kinds = new Set(added.map((addendum) => addendum.kind));
  const kind = kinds.size === 1 ? [...kinds][0] : "addition";
  return `${added.length} new ${kind}${added.length === 1 ? "" : "s"}`;
}

class Watch {
  constructor(notice) {
    this.notice = notice;
    this.address = notice.dataset.updates;
    this.seen = new Set(notice.dataset.updatesSeen.split(" ").filter(Boolean).map(Number));
    this.wait = FIRST_WAIT;
    this.askedAt = Date.now();
    this.told = "";
    document.addEventListener("visibilitychange", () => this.resume());
    addEventListener("pageshow", (event) => event.persisted && this.resume());
    this.schedule();
  }

  /** Up to a tenth later than asked for, lest all readers of an article come in the same second. */
  schedule() {
    clearTimeout(this.timer);
    if (document.hidden || this.isOver) return;
    this.timer = setTimeout(() => this.ask(), this.wait * (1 + Math.random() / 10));
  }

  /** A page that is looked at again asks at once, unless it has just done so. */
  resume() {
    if (!document.hidden && Date.now() - this.askedAt >= LEAST_BETWEEN) this.ask();
    else this.schedule();
  }

  async ask() {
    clearTimeout(this.timer);
    this.askedAt = Date.now();
    try {
      const answer = await fetch(this.address, { cache: "no-cache", credentials: "omit" });
      if (answer.status === 404 || answer.status === 410) return this.end();
      if (!answer.ok) throw new Error(answer.statusText);
      this.compare((await answer.json()).addenda);
    } catch {
      this.slowDown(SLOWER_WHEN_FAILING);
    }
    this.schedule();
  }

  compare(addenda) {
    const added = addenda.filter((addendum) => !this.seen.has(addendum.number));
    if (added.length === 0) return this.slowDown(SLOWER_WHEN_QUIET);
    this.wait = FIRST_WAIT;
    this.tell(`${words(added)}. Show`, `#update-${added[0].number}`);
  }

  slowDown(factor) {
    this.wait = Math.min(this.wait * factor, LONGEST_WAIT);
  }

  /** Written only when it says something else than before, so that a screen reader says it once. */
  tell(text, hash) {
    if (this.told === text) return;
    this.told = text;
    const link = document.createElement("a");
    link.href = hash;
    link.textContent = text;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      location.hash = hash;
      history.scrollRestoration = "manual"; // else the reload returns to where the reader was
      location.reload();
    });
    this.notice.replaceChildren(link);
  }

  end() {
    this.isOver = true;
    this.tell("This article is no longer here. Reload", "");
  }
}

/**
 * A reload does not follow the hash by itself. Until all is loaded the browser would still return to where the reader
 * was.
 */
function goToWhatIsNew() {
  if (history.scrollRestoration !== "manual") return;
  addEventListener("load", () => setTimeout(() => (history.scrollRestoration = "auto")));
  const addendum = document.getElementById(location.hash.slice(1));
  addendum?.scrollIntoView();
  addendum?.focus({ preventScroll: true });
}

goToWhatIsNew();
const notice = document.querySelector("[data-updates]");
if (notice) new Watch(notice);
