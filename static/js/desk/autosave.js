/*
 * Keeps what is typed into an article's form on the server, a few seconds after the last key. The form comes back with
 * it if the browser is closed, the computer sleeps or the session ends before a save.
 */

const PAUSE = 3_000 // milliseconds without a change before the form is kept
const LONGEST = 15_000 // and at the latest after this long of steady typing
const state = document.getElementById("desk-state")
const form = state?.closest("form")

/** The same for the same fields, whatever the browser adds to it. */
function snapshot() {
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !name.startsWith("_")) fields.append(name, value)
  }
  return fields
}

function start() {
  const line = document.getElementById("autosave-state")
  let kept = null
  let timer = 0
  let waitingSince = 0
  let stopped = false
  const sending = new AbortController()

  const say = (words) => {
    if (line) line.textContent = words
  }

  const later = () => {
    if (stopped) return
    // The rich-text fields write themselves into the form when they are ready; what stands there then is the beginning.
    kept ??= beginning
    const now = Date.now()
    waitingSince ||= now
    clearTimeout(timer)
    timer = setTimeout(keep, Math.max(0, Math.min(PAUSE, waitingSince + LONGEST - now)))
  }

  async function keep(options = {}) {
    clearTimeout(timer)
    waitingSince = 0
    const fields = snapshot()
    if (stopped || fields.toString() === kept) return
    try {
      const response = await fetch(state.dataset.autosave, {
        method: "POST",
        body: fields,
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        signal: sending.signal,
        redirect: "manual",
        ...options,
      })
      if (response.type === "opaqueredirect") throw new Error("You are signed out. Sign in in another tab, then go on.")
      const answer = await response.json().catch(() => ({}))
      if (!response.ok) throw new Error(answer.error ?? "Your text could not be kept while you write. Save it.")
      kept = fields.toString()
      say(`Kept at ${answer.kept_at}, not saved yet`)
    } catch (error) {
      if (error.name === "AbortError") return
      say(error instanceof TypeError ? "No connection: your text is in this window only." : error.message)
    }
  }

  let beginning = snapshot().toString()
  document.addEventListener("prose-editor:ready", () => {
    if (kept === null) beginning = snapshot().toString()
  })
  form.addEventListener("input", later)
  form.addEventListener("change", later)
  // The rich-text fields tell of a change on their own hidden textarea without an event that bubbles.
  form.addEventListener("keyup", later)
  form.addEventListener("paste", later)
  form.addEventListener("click", later)
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && kept !== null) keep({ keepalive: snapshot().toString().length < 60_000 })
  })
  form.addEventListener("submit", () => {
    stopped = true
    clearTimeout(timer)
    sending.abort()
  })
  // A form that was restored holds text that is on the server only as unsaved text; it counts as kept.
}

if (form && "mayChange" in state.dataset) start()
