/**
 * Forms of the comments, fetched into the article's page. They are the same pages that the links lead to: whatever goes
 * wrong here, the link still works. What is typed stays until it is sent, through closed forms and a page that is
 * loaded again.
 */

const ASKED_BY_SCRIPT = { "X-Requested-With": "comments" };
const WROTE_HERE = "comments-written-here";
const DRAFT = "comment-draft:";

let opened = null; // { link, slot }: one form at a time

const section = () => document.querySelector("[data-comments]");

/** For whoever listens; what is to be seen stands where it happened. */
function say(words) {
  const line = section()?.querySelector(".comments__said");
  if (line) line.textContent = words;
}

async function partOf(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return document.importNode(page.querySelector("[data-part]"), true);
}

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer;
}

/* Drafts: per form's address, for as long as the tab is open. Storage may be forbidden; then there are none. */

function stored(storage, act) {
  try {
    return act(storage());
  } catch {
    return null;
  }
}

const drafts = (act) => stored(() => sessionStorage, act);

function keepDraft(slot, area) {
  const key = DRAFT + slot.dataset.of;
  drafts((store) => (area.value.trim() ? store.setItem(key, area.value) : store.removeItem(key)));
}

function bringDraft(slot) {
  const area = slot.querySelector("textarea[name=text]");
  const draft = drafts((store) => store.getItem(DRAFT + slot.dataset.of));
  if (area && draft && !area.readOnly) area.value = draft;
}

const dropDraft = (slot) => drafts((store) => store.removeItem(DRAFT + slot.dataset.of));

/* Opening and closing */

function placeFor(link) {
  const slot = document.createElement("div");
  slot.className = "slot";
  slot.dataset.of = link.getAttribute("href");
  (link.closest(".comment__acts") ?? link.closest(".comments__bar") ?? link.parentElement).after(slot);
  return slot;
}

function focusIn(slot) {
  const first = slot.querySelector("[role=alert], [data-preview], textarea, input:not([type=hidden])");
  const aim = first?.matches("[role=alert], [data-preview]") ? first : (slot.querySelector("[autofocus]") ?? first);
  aim?.focus({ preventScroll: true });
  aim?.scrollIntoView({ block: "nearest" });
}

/** Within the article nothing leads back to it. */
function put(slot, part) {
  for (const link of part.querySelectorAll("[data-closes]")) link.textContent = "Close";
  slot.replaceChildren(part);
}

function fill(slot, part) {
  put(slot, part);
  focusIn(slot);
}

function close({ refocus = true } = {}) {
  if (!opened) return;
  const { link, slot } = opened;
  opened = null;
  slot.remove();
  link.removeAttribute("aria-expanded");
  if (refocus) link.focus();
}

async function open(link) {
  if (opened?.link === link) return focusIn(opened.slot);
  link.setAttribute("aria-busy", "true");
  try {
    const part = await partOf(await fetched(link.href));
    close({ refocus: false });
    opened = { link, slot: placeFor(link) };
    link.setAttribute("aria-expanded", "true");
    put(opened.slot, part);
    bringDraft(opened.slot);
    focusIn(opened.slot);
    say("");
  } catch {
    location.assign(link.href); // the page itself tells better what is wrong
  } finally {
    link.removeAttribute("aria-busy");
  }
}

/* Sending */

const bodyOf = (form, button) => new URLSearchParams(new FormData(form, button));

const post = (form, body) => fetch(form.action, { method: "POST", body, headers: ASKED_BY_SCRIPT });

function trouble(slot, words) {
  slot.querySelector(".notice--trouble")?.remove();
  const notice = document.createElement("div");
  notice.className = "notice notice--trouble";
  notice.setAttribute("role", "alert");
  notice.tabIndex = -1;
  notice.textContent = words;
  slot.prepend(notice);
  focusIn(slot);
}

const LOST = "It could not be sent. What you typed is still here: try again in a moment.";
const TOLD = {
  403: "The form has expired, or cookies are off. Copy your text, load the page again and send it once more.",
  404: "That is not there any more. Your text is still here, to be copied.",
  413: "That is far too long for a comment. Shorten it and send it again.",
};

async function send(form, button) {
  const { slot } = opened;
  const body = bodyOf(form, button); // before the buttons are off: one that is has no say
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((each) => (each.disabled = true));
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await post(form, body);
    if (answer.status === 201) await arrive(slot, (await answer.json()).place);
    else if (answer.ok || answer.status === 422 || answer.status === 410) fill(slot, await partOf(answer));
    else trouble(slot, TOLD[answer.status] ?? LOST);
  } catch {
    trouble(slot, LOST);
  } finally {
    form.removeAttribute("aria-busy");
    buttons.forEach((each) => (each.disabled = false));
  }
}

/** It is taken. What it led to is shown: the threads anew with the comment in them, or what is told instead. */
async function arrive(slot, place) {
  const target = new URL(place, location.href);
  dropDraft(slot);
  stored(() => localStorage, (store) => store.setItem(WROTE_HERE, "yes"));
  if (!target.hash) return told(slot, target);
  if (target.pathname + target.search !== location.pathname + location.search) return location.assign(target);
  return threadsAnew(target);
}

async function told(slot, target) {
  try {
    const part = await partOf(await fetched(target));
    const title = document.createElement("p");
    title.className = "own__state";
    title.textContent = part.dataset.said ?? "";
    slot.replaceChildren(title, part);
    const aim = slot.querySelector("[tabindex]") ?? slot;
    aim.tabIndex = -1;
    aim.focus();
    say(part.dataset.said ?? "");
    opened?.link.removeAttribute("aria-expanded");
    opened = null;
  } catch {
    location.assign(target);
  }
}

async function threadsAnew(target) {
  try {
    const answer = await fetch(target, { cache: "reload" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    opened = null;
    section().replaceWith(document.importNode(page.querySelector("[data-comments]"), true));
    history.replaceState(history.state, "", target.hash);
    show(target.hash.slice(1));
    say("Your comment is published.");
    await addOwn();
  } catch {
    location.assign(target);
    location.reload();
  }
}

function show(id) {
  const comment = document.getElementById(id);
  if (!comment) return;
  document.querySelector(".comment--found")?.classList.remove("comment--found");
  comment.classList.add("comment--found");
  comment.tabIndex = -1;
  comment.focus({ preventScroll: true });
  comment.scrollIntoView({ block: "nearest" });
}

/* Recommending: a press, without a form to be seen */

async function recommend(link) {
  if (link.getAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  try {
    const form = (await partOf(await fetched(link.href))).querySelector("form");
    const answer = await post(form, bodyOf(form, form.querySelector("button")));
    if (answer.status !== 201) throw new Error(answer.statusText);
    const { recommends, is_recommended: isRecommended } = await answer.json();
    link.classList.toggle("comment__act--done", isRecommended);
    link.firstChild.textContent = isRecommended ? "Recommended" : "Recommend";
    link.querySelector(".comment__count").textContent = recommends || "";
    say(isRecommended ? "You recommend this comment." : "Your recommendation is taken back.");
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

/* A reader's own comments on this page: what waits is shown, and each gets its Edit and Withdraw */

async function addOwn() {
  const at = section()?.dataset.ownAt;
  if (!at || !stored(() => localStorage, (store) => store.getItem(WROTE_HERE))) return;
  try {
    const page = new DOMParser().parseFromString(await (await fetched(at)).text(), "text/html");
    document.querySelectorAll("[data-comments] [data-own]").forEach((each) => each.remove());
    for (const own of [...page.querySelectorAll("[data-own]")].reverse()) addOne(document.importNode(own, true));
  } catch {
    // The link at the foot of the threads leads to the same.
  }
}

function addOne(own) {
  const acts = document.getElementById(own.dataset.own)?.querySelector(":scope > .comment__body > .comment__acts");
  if (acts) acts.append(...own.querySelectorAll("[data-own-acts] > [data-opens]"));
  else if ("waits" in own.dataset) section().querySelector(".comments__said").after(own);
}

/* Listening: on the document, so that threads fetched anew need nothing done to them */

function isPlainClick(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

if (section()) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens], a[data-recommends], .slot a[data-closes]");
    if (!link || !isPlainClick(event)) return;
    event.preventDefault();
    if (link.matches("[data-closes]")) close();
    else if (link.matches("[data-recommends]")) recommend(link);
    else open(link);
  });
  document.addEventListener("submit", (event) => {
    if (!opened?.slot.contains(event.target)) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document.addEventListener("input", (event) => {
    if (opened && event.target.matches(".slot textarea[name=text]")) keepDraft(opened.slot, event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened?.slot.contains(event.target)) close();
  });
  addOwn();
} else if (document.querySelector("[data-own]")) {
  stored(() => localStorage, (store) => store.setItem(WROTE_HERE, "yes"));
}
