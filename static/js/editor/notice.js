/*
 * A line under the toolbar that says what happened and what to do next. It stays in sight until it is closed or
 * answered, and screen readers speak it.
 */

import { crel } from "django-prose-editor/editor"

/** `action` is optional: { label, run }. Saying the same thing twice shows it once. */
export function notify(editor, message, action = null) {
  const shelf = shelfOf(editor)
  for (const shown of [...shelf.children]) if (shown.dataset.message === message) shown.remove()
  const line = crel("div", { className: "editor-notice", "data-message": message }, [
    crel("span", { textContent: message }),
  ])
  const close = button("Close", () => line.remove())
  if (action) {
    line.append(
      button(action.label, () => {
        line.remove()
        action.run()
      }),
    )
  }
  line.append(close)
  shelf.append(line)
}

/** Where the lines go. It must stand in the page before the first line, or screen readers do not speak that one. */
export function shelfOf(editor) {
  const root = editor.view.dom.parentElement
  let shelf = root.querySelector(":scope > .editor-notices")
  if (!shelf) {
    shelf = crel("div", { className: "editor-notices", role: "status", "aria-live": "polite" })
    editor.view.dom.before(shelf)
    keepBelowToolbar(root)
  }
  return shelf
}

/** The toolbar takes as many rows as the window leaves it; the lines stick to the window right under it. */
function keepBelowToolbar(root) {
  const toolbar = root.querySelector(":scope > .prose-menubar")
  if (!toolbar) return
  const measure = () => root.style.setProperty("--editor-toolbar-height", `${toolbar.offsetHeight}px`)
  new ResizeObserver(measure).observe(toolbar)
}

function button(label, run) {
  const element = crel("button", { type: "button", className: "editor-notice__button", textContent: label })
  element.addEventListener("click", run)
  return element
}
