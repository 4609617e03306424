/*
 * "(UPDATED below)": words in the text that lead to one update of the same article. A mark and not a block, so that the
 * words can be written and changed like any others. It names the update's key, which exists before anything is saved.
 */

import { crel, Mark, mergeAttributes, Plugin, pm } from "django-prose-editor/editor"
import { notify } from "editor/notice"

const { Decoration, DecorationSet } = pm.view

const WORDS = "(UPDATED below)"
const WORDS_SHOWN = 12
const KEYS = 'input[name^="addenda-"][name$="-key"]'
const ADD_ANOTHER = "#addenda-group .add-row a, #addenda-group a.add-row"
const DANGLING = "This update is not in the form: readers will not see these words."

export const Pointer = Mark.create({
  name: "pointer",
  inclusive: false,
  excludes: "pointer link", // words lead to one place

  addAttributes() {
    return {
      key: {
        parseHTML: (element) => element.dataset.pointer,
        renderHTML: ({ key }) => ({ "data-pointer": key }),
      },
    }
  },

  parseHTML() {
    return [{ tag: "a[data-pointer]", priority: 100 }] // before the rule for links
  },

  renderHTML({ HTMLAttributes }) {
    return ["a", mergeAttributes(HTMLAttributes, { href: "#" }), 0]
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "pointer",
      groups: "insert",
      button: buttons.text("UPDATED below", "Point at an update of this article"),
      active: (editor) => editor.isActive("pointer"),
      hidden: () => !document.querySelector(ADD_ANOTHER) && updates().length === 0,
      command: choose,
    })
  },

  addProseMirrorPlugins() {
    return [danglingPointers(), clicksStay()]
  },

  onCreate() {
    // The form's updates come and go without a change of the text.
    this.storage.refresh = () => this.editor.view.dispatch(this.editor.state.tr)
    for (const name of ["formset:added", "formset:removed"]) document.addEventListener(name, this.storage.refresh)
  },

  onDestroy() {
    for (const name of ["formset:added", "formset:removed"]) document.removeEventListener(name, this.storage.refresh)
  },

  addStorage() {
    return { refresh: null }
  },
})

/** The updates of this form, saved or not, in the order in which they stand: [{ key, title }]. */
function updates() {
  const inputs = [...document.querySelectorAll(KEYS)].filter(({ name }) => !name.includes("__prefix__"))
  return inputs.filter((input) => !field(input, "DELETE")?.checked).map((input) => ({ key: input.value, title: title(input) }))
}

const field = ({ name }, other) => document.getElementsByName(name.replace(/key$/, other))[0]

function title(input) {
  const kind = field(input, "kind")
  const kindWords = kind?.selectedOptions?.[0]?.textContent ?? kind?.value ?? "update"
  const written = new DOMParser().parseFromString(field(input, "body")?.value ?? "", "text/html").body.textContent
  const words = written.trim().split(/\s+/).filter(Boolean)
  const beginning = words.slice(0, WORDS_SHOWN).join(" ") + (words.length > WORDS_SHOWN ? "…" : "")
  return `${kindWords.trim()}: ${beginning || "not written yet"}`
}

/** A dialog with one button per update, and one that adds a new update to the form. */
function choose(editor) {
  const known = updates()
  const dialog = crel("dialog", { className: "prose-editor-dialog editor-choice" })
  const pick = (label, run) => {
    const button = crel("button", { type: "button", textContent: label })
    button.addEventListener("click", () => {
      dialog.close()
      run()
    })
    return button
  }
  const advice = known.length ? "Which update do these words lead to?" : "This article has no update yet."
  dialog.append(
    crel("h3", { className: "prose-editor-dialog-title", textContent: "Point at an update" }),
    crel("p", { textContent: advice }),
    ...known.map(({ key, title }) => pick(title, () => insert(editor, key))),
  )
  if (document.querySelector(ADD_ANOTHER)) dialog.append(pick("Add an update and point at it", () => addAndPoint(editor)))
  dialog.append(pick("Cancel", () => editor.commands.focus()))
  dialog.addEventListener("close", () => dialog.remove())
  editor.view.dom.parentElement.append(dialog)
  dialog.showModal()
}

function addAndPoint(editor) {
  const before = new Set(updates().map(({ key }) => key))
  document.querySelector(ADD_ANOTHER).click()
  const added = updates().find(({ key }) => !before.has(key))
  if (!added) return notify(editor, "No further update can be added here. Save first, then try again.")
  insert(editor, added.key)
  notify(editor, "An empty update was added to this form. Write it before you save.")
}

/** Selected words become the pointer; without a selection our own words are put in. */
function insert(editor, key) {
  const { empty, from } = editor.state.selection
  const mark = { type: "pointer", attrs: { key } }
  if (editor.isActive("pointer")) {
    editor.chain().focus().extendMarkRange("pointer").setMark("pointer", { key }).run()
  } else if (empty) {
    const space = /\S$/.test(editor.state.doc.textBetween(Math.max(from - 1, 0), from)) ? " " : ""
    const content = [{ type: "text", text: WORDS, marks: [mark] }, { type: "text", text: " " }]
    editor.chain().focus().insertContent(space ? [{ type: "text", text: space }, ...content] : content).run()
  } else {
    editor.chain().focus().setMark("pointer", { key }).run()
  }
}

/** Words whose update was taken out of the form look different, and say why. */
function danglingPointers() {
  return new Plugin({
    props: {
      decorations({ doc }) {
        const keys = new Set(updates().map(({ key }) => key))
        const found = []
        doc.descendants((node, from) => {
          const mark = node.marks.find(({ type }) => type.name === "pointer")
          if (!mark || keys.has(mark.attrs.key)) return
          found.push(Decoration.inline(from, from + node.nodeSize, { class: "is-dangling", title: DANGLING }))
        })
        return DecorationSet.create(doc, found)
      },
    },
  })
}

/** A click on the words places the cursor; `#` would throw the editor to the top of the page. */
function clicksStay() {
  return new Plugin({
    props: {
      handleDOMEvents: {
        click(_view, event) {
          if (event.target.closest?.("a[data-pointer]")) event.preventDefault()
          return false
        },
      },
    },
  })
}
