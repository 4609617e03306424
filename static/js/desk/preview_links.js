/*
 * Makes and revokes preview links without leaving the page, on which somebody may be writing. The server's answer is
 * this same page with the new list; only the list is taken from it. Without scripts the forms are sent as they are.
 */

const FAILED = "Nothing was done: the server did not answer, or you are signed out. What you typed above is still here."
const section = document.getElementById("preview-links")

async function answerTo(form) {
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) })
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  const fresh = page.getElementById("preview-links")
  if (!response.ok || !fresh) throw new Error(FAILED)
  const words = [...page.querySelectorAll(".messagelist li")].map((message) => message.textContent.trim())
  return { fresh, words: words.join(" ") }
}

function tell(words) {
  const line = section.querySelector(".preview-links__told") ?? document.createElement("p")
  line.className = "preview-links__told"
  line.setAttribute("role", "status")
  section.querySelector("h2").after(line)
  line.textContent = words
}

section?.addEventListener("submit", async (event) => {
  event.preventDefault()
  const form = event.target
  const isNew = form.classList.contains("preview-links__new")
  const button = form.querySelector("button")
  button.disabled = true
  try {
    const { fresh, words } = await answerTo(form)
    section.replaceChildren(...fresh.childNodes)
    tell(words)
  } catch {
    button.disabled = false
    tell(FAILED)
    return
  }
  const made = isNew && section.querySelector(".preview-links__address")
  const target = made || section.querySelector("h2")
  target.scrollIntoView({ block: "center" })
  if (made) made.select()
})
