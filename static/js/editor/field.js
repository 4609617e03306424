/*
 * Makes the editing area a form field for keyboards and screen readers: it carries its label's words and its errors,
 * and a click on the label puts the cursor into it.
 */

import { shelfOf } from "editor/notice"

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const area = editor.view.dom
  const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`)
  area.setAttribute("role", "textbox")
  area.setAttribute("aria-multiline", "true")
  area.setAttribute("spellcheck", "true")
  area.setAttribute("aria-label", (label?.textContent ?? textarea.name).replace(/:\s*$/, "").trim())
  const described = textarea.getAttribute("aria-describedby")
  if (described) area.setAttribute("aria-describedby", described)
  if (textarea.getAttribute("aria-invalid") === "true") area.setAttribute("aria-invalid", "true")
  area.parentElement.classList.add(...[...textarea.classList].filter((name) => name.startsWith("editor-")))
  editor.on("create", () => {
    shelfOf(editor)
    const toolbar = area.parentElement.querySelector(":scope > .prose-menubar")
    toolbar?.setAttribute("role", "toolbar")
    toolbar?.setAttribute("aria-label", `Formatting of: ${area.getAttribute("aria-label")}`)
  })
  label?.addEventListener("click", (event) => {
    event.preventDefault()
    editor.commands.focus()
  })
})
