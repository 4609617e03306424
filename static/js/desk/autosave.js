/*
 * Keeps what is typed into an article's form on the server, a few seconds after the last key. The form comes back with
 * it if the browser is closed, the computer sleeps or the session ends before a save.
 */

const PAUSE = 3_000 // milliseconds without a change before the form is kept
const LONGEST = 15_000 // and at the latest after this long of steady typing
const LONGEST_FAREWELL = 60_000 // characters that a browser still sends for a page that is being left
const state = document.getElementById("desk-state")
const form = state?.closest("form")

/** The same text for the same fields, without buttons and tokens. */
function snapshot() {
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !name.startsWith("_")) fields.append(name, value)
  }
  return fields.toString()
}

/** Sends one snapshot. Answers with the time at which it was kept; fails with a sentence for the editor. */
async function send(fields, options) {
  let response
  try {
    response = await fetch(state.dataset.autosave, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      redirect: "manual",
      ...options,
    })
  } catch (error) {
    if (error.name === "AbortError") throw error
    throw new Error("No connection: your text is in this window only.", { cause: error })
  }
  if (response.type === "opaqueredirect") throw new Error("You are signed out. Sign in in another tab, then go on here.")
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Error(answer.error ?? "Your text could not be kept while you write. Save it.")
  return answer.kept_at
}

function start() {
  const line = document.getElementById("autosave-state")
  const sending = new AbortController()
  let kept = snapshot()
  let isTouched = false
  let timer = 0
  let waitingSince = 0

  async function keep(options = {}) {
    clearTimeout(timer)
    waitingSince = 0
    const fields = snapshot()
    if (fields === kept) return
    try {
      const time = await send(fields, { signal: sending.signal, ...options })
      kept = fields
      line.textContent = `Kept at ${time}, not saved yet`
    } catch (error) {
      if (error.name !== "AbortError") line.textContent = error.message
    }
  }

  function later() {
    isTouched = true
    const now = Date.now()
    waitingSince ||= now
    clearTimeout(timer)
    timer = setTimeout(keep, Math.max(0, Math.min(PAUSE, waitingSince + LONGEST - now)))
  }

  // A rich-text field writes its text in its own words when it is ready; that is no change by the editor.
  document.addEventListener("prose-editor:ready", () => {
    if (!isTouched) kept = snapshot()
  })
  // A rich-text field changes its hidden field without an event that rises to the form; its keys and clicks do.
  for (const happening of ["input", "change", "keyup", "paste", "click"]) form.addEventListener(happening, later)
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !isTouched) return
    keep({ keepalive: snapshot().length < LONGEST_FAREWELL })
  })
  form.addEventListener("submit", () => {
    isTouched = false
    clearTimeout(timer)
    sending.abort()
  })
}

if (form && "mayChange" in state.dataset) start()
