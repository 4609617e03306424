/*
 * The moderators' queue by keyboard. Every key presses a button that stands on the page, so nothing can be done here
 * that cannot be done without a script.
 */

const queue = document.getElementById("queue")
const entries = [...document.querySelectorAll("[data-entry]")]
const dialog = document.getElementById("keys")
let current = -1
let isSent = false

const ticks = () => [...document.querySelectorAll(".entry__tick input")]
const ticked = () => ticks().filter((box) => box.checked)

function choose(place, { focus = true } = {}) {
  if (!entries.length) return
  entries[current]?.classList.remove("is-current")
  current = Math.max(0, Math.min(place, entries.length - 1))
  entries[current].classList.add("is-current")
  if (focus) entries[current].focus()
}

function count() {
  const number = ticked().length
  document.querySelector("[data-ticked]")?.replaceChildren(number ? `${number} ticked:` : "The ticked ones:")
}

function buttonFor(key) {
  if (ticked().length) {
    const bulk = { a: ["approve", "keep"], r: ["reject"], s: ["spam"], h: ["hide"] }[key] ?? []
    return bulk.map((verb) => document.querySelector(`.bulk button[value="${verb}"]`)).find(Boolean)
  }
  return entries[current]?.querySelector(`button[data-key="${key}"]`)
}

function openBan() {
  const ban = entries[current]?.querySelector("details.ban")
  if (!ban) return
  ban.open = true
  ban.querySelector("select").focus()
}

function tick() {
  const box = entries[current]?.querySelector(".entry__tick input")
  if (!box) return
  box.checked = !box.checked
  count()
}

const acts = {
  j: () => choose(current + 1),
  k: () => choose(current - 1),
  b: openBan,
  x: tick,
  u: () => document.querySelector("[data-undo]")?.click(),
  o: () => entries[current]?.querySelector("[data-open]")?.click(),
  "?": () => dialog.showModal(),
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return
  if (event.key === "Escape") return closeBan()
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return
  const act = acts[event.key] ?? ("arsh".includes(event.key) ? () => buttonFor(event.key)?.click() : null)
  if (!act) return
  event.preventDefault()
  act()
}

function closeBan() {
  const open = document.querySelector("details.ban[open]")
  if (!open) return
  open.open = false
  choose(entries.indexOf(open.closest("[data-entry]")))
}

function tickAll(event) {
  event.preventDefault()
  const some = ticks().some((box) => !box.checked)
  for (const box of ticks()) box.checked = some
  event.target.textContent = some ? "Tick none" : "Tick all"
  count()
}

document.addEventListener("keydown", press)
queue?.addEventListener("change", count)
queue?.querySelector("[data-all]")?.addEventListener("click", tickAll)
queue?.addEventListener("focusin", ({ target }) => {
  const entry = target.closest("[data-entry]")
  if (entry) choose(entries.indexOf(entry), { focus: false })
})
queue?.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault()
  isSent = true
})
// A page brought back by the browser's own "back" may be sent again.
window.addEventListener("pageshow", () => (isSent = false))

const opener = document.querySelector("[data-keys-opener]")
if (opener) {
  opener.hidden = false
  opener.querySelector("button").addEventListener("click", acts["?"])
}
count()
const arrived = entries.findIndex((entry) => `#${entry.id}` === location.hash)
choose(Math.max(0, arrived), { focus: arrived >= 0 })
