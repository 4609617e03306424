/*
 * The rows of updates: a time is asked for only where one is needed, and a fresh row that was asked for by "Add update"
 * comes into view with the cursor in its text.
 */

const NEEDS_TIME = "later"

function followChoice(row) {
  const time = row.querySelector(".form-row.field-publish_at")
  const choices = row.querySelectorAll('input[type="radio"][name$="-act"]')
  if (!time || !choices.length) return
  const show = () => {
    time.hidden = ![...choices].some((choice) => choice.checked && choice.value === NEEDS_TIME)
  }
  for (const choice of choices) choice.addEventListener("change", show)
  show()
}

function openFreshRow() {
  const fresh = [...document.querySelectorAll(".addendum-row:not(.empty-form):not(.has_original)")].at(-1)
  if (!fresh) return
  fresh.scrollIntoView({ block: "center" })
  // Else the address keeps its anchor through the save, and the saved page opens far below its message.
  history.replaceState(null, "", location.pathname + location.search)
  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    if (fresh.contains(textarea)) editor.commands.focus()
  })
}

for (const row of document.querySelectorAll(".addendum-row:not(.empty-form)")) followChoice(row)
document.addEventListener("formset:added", ({ target }) => followChoice(target))
if (new URLSearchParams(location.search).get("add") === "update") openFreshRow()

// Readers are told what changed only in a meaningful save.
const note = document.querySelector(".form-row.field-public_note")
const weights = document.querySelectorAll('input[type="radio"][name="weight"]')
if (note && weights.length) {
  const show = () => {
    note.hidden = ![...weights].some((weight) => weight.checked && weight.value === "meaningful")
  }
  for (const weight of weights) weight.addEventListener("change", show)
  show()
}
