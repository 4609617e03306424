/*
 * Fills in the words of the address from the headline until somebody writes them by hand, and says when another article
 * has the same. The server makes the slug, so that it is the one that publication would make.
 */

const PAUSE = 400 // milliseconds
const state = document.getElementById("desk-state")
const headline = document.getElementById("id_headline")
const slug = document.getElementById("id_slug")

function start() {
  const note = document.createElement("p")
  note.className = "count"
  note.setAttribute("role", "status")
  slug.after(note)
  let byHand = slug.value !== ""
  let timer = 0
  let asked = 0

  async function ask(words) {
    const number = ++asked
    const query = new URLSearchParams({ words, article: state.dataset.article })
    const response = await fetch(`${state.dataset.slug}?${query}`).catch(() => null)
    if (!response?.ok || number !== asked) return
    const answer = await response.json()
    if (!byHand) slug.value = answer.slug
    note.textContent = answer.is_taken
      ? "Another article has these words in its address. Published in the same month, this one gets a number behind them."
      : ""
    note.classList.toggle("count--long", answer.is_taken)
  }

  const later = (words) => {
    clearTimeout(timer)
    timer = setTimeout(() => ask(words), PAUSE)
  }
  headline.addEventListener("input", () => {
    if (!byHand) later(headline.value)
  })
  slug.addEventListener("input", () => {
    byHand = slug.value !== ""
    later(slug.value || headline.value)
  })
  if (slug.value) ask(slug.value)
}

if (state && headline && slug) start()
