/*
 * Asks the admin's own addresses. Whatever goes wrong arrives as an Error whose message says what to do next, so that
 * callers can show it as it is.
 */

const PATIENCE = 20_000 // milliseconds
const SIGNED_OUT = "You are no longer signed in. Sign in again in another tab, then try once more here."
const NO_ANSWER = "The server did not answer. Your text is still here: try again in a moment."

export const get = (address, parameters) => ask(`${address}?${new URLSearchParams(parameters)}`, {})

/** `fields` is an object of strings and files. `patience` in milliseconds; 0 waits as long as the browser does. */
export function post(address, fields, patience = PATIENCE) {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? ""
  return ask(address, { method: "POST", body, headers: { "X-CSRFToken": token } }, patience)
}

async function ask(address, options, patience = PATIENCE) {
  const signal = patience ? AbortSignal.timeout(patience) : undefined
  let response
  try {
    response = await fetch(address, { credentials: "same-origin", ...options, signal })
  } catch (cause) {
    throw new Error(NO_ANSWER, { cause })
  }
  const answer = await response.json().catch(() => null)
  if (response.ok && answer) return answer
  throw new Error(answer?.error ?? sentenceFor(response))
}

function sentenceFor(response) {
  if (response.ok || response.status === 403) return SIGNED_OUT // a sign-in page came instead of the answer
  if (response.status === 413) return "That is too large to be sent. Try a smaller one."
  return `${NO_ANSWER} (${response.status})`
}
