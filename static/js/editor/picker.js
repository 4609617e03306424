/*
 * Hands the chosen picture to the editor's dialogue in the window that opened this one, in the way that
 * django-prose-editor asks for, and closes. A picture that was just uploaded is chosen at once.
 */
;(() => {
  const dialogue = Number(new URLSearchParams(window.location.search).get("CKEditorFuncNum"))

  function receiver() {
    try {
      return window.opener?.CKEDITOR?.tools?.callFunction
    } catch {
      return undefined // the opener has gone to another site
    }
  }

  function choose({ url, alt, caption }) {
    if (!receiver()) {
      document.querySelector("[data-picker-lost]").hidden = false
      return
    }
    window.opener.CKEDITOR.tools.callFunction(dialogue, url, { alternative_text: alt, caption })
    window.close()
  }

  for (const choice of document.querySelectorAll("[data-picker-choice]")) {
    choice.addEventListener("click", () => choose(choice.dataset))
  }
  const chosen = document.querySelector("[data-picker-chosen]")
  if (chosen) choose(chosen.dataset)
})()
