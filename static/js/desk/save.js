/*
 * A form is sent only when it will be taken. Whoever was signed out meanwhile would be led to the login page and lose
 * what is typed; whoever signed in again in another tab would be refused for the old page's token. So the server is
 * asked first, and answers with the token of now.
 */

const SIGNED_OUT = "You are signed out, so nothing was sent. Sign in in another tab, then press the button again here."
const NO_ANSWER = "The server does not answer, so nothing was sent. Your text is still here: try again in a moment."
const state = document.getElementById("desk-state")
const form = state?.closest("form")
let taken = false

function tell(words) {
  const line = document.getElementById("autosave-state")
  if (line) line.textContent = words
}

/** The token of now, or an Error whose message says what to do. */
async function currentToken() {
  let response
  try {
    response = await fetch(state.dataset.token, { redirect: "manual", cache: "no-store" })
  } catch {
    throw new Error(NO_ANSWER)
  }
  if (response.type === "opaqueredirect" || response.status === 403) throw new Error(SIGNED_OUT)
  if (!response.ok) throw new Error(NO_ANSWER)
  return (await response.json()).token
}

form?.addEventListener(
  "submit",
  async (event) => {
    if (taken) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const { submitter } = event
    tell("Saving …")
    try {
      form.elements.csrfmiddlewaretoken.value = await currentToken()
    } catch (error) {
      tell(error.message)
      return
    }
    taken = true
    form.requestSubmit(submitter)
  },
  { capture: true },
)

// Coming back by the browser's own button finds the page as it was left, and it must ask again.
window.addEventListener("pageshow", () => {
  taken = false
})
