/*
 * After a refusal the cursor stands in the first refused field, and each line of the summary leads to its own. A field
 * that is dressed up (the rich text, the searching list) is hidden; what stands in its place takes the cursor.
 */

const links = document.querySelectorAll("#faults a[data-field]")

function enter(id) {
  const field = document.getElementById(id)
  const row = field?.closest(".form-row, td")
  const dressed = row?.querySelector(".tiptap, .select2-selection")
  row?.closest("details:not([open])")?.setAttribute("open", "")
  row?.scrollIntoView({ block: "center" })
  ;(dressed ?? field)?.focus({ preventScroll: true })
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    event.preventDefault()
    enter(link.dataset.field)
  })
}
if (links.length) {
  const first = links[0].dataset.field
  // Searching lists are dressed up by the admin when jQuery is ready, in order; a rich text says itself when it is.
  window.django.jQuery(() => enter(first))
  document.addEventListener("prose-editor:ready", ({ detail: { textarea } }) => {
    if (textarea.id === first) enter(first)
  })
}
