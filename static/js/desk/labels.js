/*
 * The lists that the admin dresses up (select2) carry no name for those who hear the page. Each gets the words of its
 * field's own label, on loading and when a row is added. A heading without words is no heading.
 */

function nameLists() {
  for (const box of document.querySelectorAll(".select2-container")) {
    const select = box.previousElementSibling
    const label = select?.labels?.[0] ?? select?.closest("td")?.closest("table").querySelector("th:not(.original)")
    const words = label?.textContent.trim().replace(/:$/, "")
    if (!words) continue
    for (const part of box.querySelectorAll(".select2-selection__rendered, .select2-search__field")) {
      part.setAttribute("aria-label", words)
    }
    box.querySelector(".select2-selection--multiple")?.setAttribute("aria-label", words)
  }
}

function emptyHeadingsToCells() {
  for (const heading of document.querySelectorAll("th.original:empty")) {
    const cell = document.createElement("td")
    cell.className = heading.className
    heading.replaceWith(cell)
  }
}

window.addEventListener("load", () => {
  // The admin dresses the lists when jQuery says that the page is ready, which on a busy machine is after this event;
  // what asks later is told later.
  window.django?.jQuery?.(nameLists)
  emptyHeadingsToCells()
})
// The admin dresses the lists of a new row in the same event, so this waits for it.
document.addEventListener("formset:added", () => setTimeout(nameLists))
