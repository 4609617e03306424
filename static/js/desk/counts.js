/*
 * Counts while somebody writes: characters where a line has a length at which it reads best, words in the text.
 * `data-best` is a recommendation; what is too long, the server refuses with a sentence.
 */

const WORDS = /[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu

function lineFor(field) {
  const line = document.createElement("p")
  line.className = "count"
  line.setAttribute("aria-hidden", "true")
  field.after(line)
  return line
}

function countCharacters(field) {
  const line = lineFor(field)
  const best = Number(field.dataset.best)
  const show = () => {
    const length = [...field.value.trim()].length
    line.textContent = length > best ? `${length} characters: reads best below ${best}` : `${length} of ${best} characters`
    line.classList.toggle("count--long", length > best)
  }
  field.addEventListener("input", show)
  show()
}

function countWords(editor) {
  const area = editor.view.dom
  const root = area.closest(".prose-editor, .editor-body") ?? area.parentElement
  const line = lineFor(root)
  const show = () => {
    // Of the document and not of what is drawn: the cards of posts say things that are no words of the article.
    const { doc } = editor.state
    const words = doc.textBetween(0, doc.content.size, " ").match(WORDS)?.length ?? 0
    const minutes = Math.max(1, Math.round(words / 220))
    const reading = `, ${minutes} minute${minutes === 1 ? "" : "s"} to read`
    line.textContent = `${words} word${words === 1 ? "" : "s"}${words ? reading : ""}`
  }
  editor.on("update", show)
  show()
}

for (const field of document.querySelectorAll("[data-counts=characters]")) countCharacters(field)
document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  if (textarea.id === "id_body") countWords(editor)
})
