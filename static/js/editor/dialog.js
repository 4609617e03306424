/*
 * A dialog that asks for one address and stays open until the address was taken: what is wrong with it is said where it
 * was written.
 */

import { crel } from "django-prose-editor/editor"

let dialogs = 0 // for names that are unique in the page

/**
 * `check` is given the address and returns what `take` then gets. What it throws is shown as a sentence. An answer that
 * comes after the dialog was closed is not taken.
 */
export function askForAddress(editor, { title, label, submitText, check, take }) {
  const name = `editor-dialog-${++dialogs}`
  const input = crel("input", { id: name, type: "url", required: true, size: 50, "aria-describedby": `${name}-trouble` })
  const trouble = crel("p", { id: `${name}-trouble`, className: "editor-dialog__trouble", role: "alert" })
  const submit = crel("button", { type: "submit", textContent: submitText })
  const cancel = crel("button", { type: "button", textContent: "Cancel" })
  const form = crel("form", {}, [
    crel("h3", { id: `${name}-title`, className: "prose-editor-dialog-title", textContent: title }),
    crel("div", { className: "prose-editor-dialog-field" }, [
      crel("label", { htmlFor: name, textContent: label }),
      input,
      trouble,
    ]),
    crel("div", { className: "prose-editor-dialog-buttons" }, [submit, cancel]),
  ])
  const dialog = crel("dialog", { className: "prose-editor-dialog", "aria-labelledby": `${name}-title` }, [form])

  cancel.addEventListener("click", () => dialog.close())
  dialog.addEventListener("close", () => dialog.remove())
  // Not at the form's "submit": the article's own form stands around this one and would hear it too.
  submit.addEventListener("click", async (event) => {
    event.preventDefault()
    if (!form.reportValidity()) return
    submit.disabled = true
    try {
      const answer = await check(input.value.trim())
      if (!dialog.open) return
      dialog.close()
      take(answer)
    } catch (error) {
      trouble.textContent = error.message
      input.focus()
    } finally {
      submit.disabled = false
    }
  })
  input.addEventListener("input", () => {
    trouble.textContent = ""
  })
  editor.view.dom.parentElement.append(dialog)
  dialog.showModal()
}
