/*
 * Pictures: in the editor always a figure with a caption, which may stay empty. Files that are dropped or pasted are uploaded to the
 * media library and then put where they were dropped; a file that could not be uploaded can be tried again.
 */

import { Caption as BaseCaption, Extension, Figure as BaseFigure, Plugin, pm } from "django-prose-editor/editor"
import { notify } from "editor/notice"
import { post } from "editor/server"

const { Decoration, DecorationSet } = pm.view
const { PluginKey, TextSelection } = pm.state

const uploads = new PluginKey("uploads")

/** Above the cleaning of pasted HTML: a copied picture comes as a file and as HTML that names a foreign address. */
const PRIORITY = 950

export const Figure = BaseFigure.extend({
  // A caption that stays empty is not stored, so a stored figure may come without one.
  onCreate() {
    const filled = withCaptions(this.editor.state)
    if (filled) this.editor.view.dispatch(filled.setMeta("preventUpdate", true).setMeta("addToHistory", false))
  },

  addProseMirrorPlugins() {
    return [new Plugin({ appendTransaction: (_transactions, _before, state) => withCaptions(state) })]
  },

  addOptions() {
    return { ...this.parent?.(), uploadUrl: "" }
  },

  addAttributes() {
    return {}
  },

  parseHTML() {
    return [{ tag: "figure", getAttrs: (element) => (element.querySelector("img[src]") ? null : false) }]
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "figure",
      groups: "insert",
      button: buttons.material("image", "Picture: insert, or change the alternative text"),
      active: (editor) => editor.isActive("figure"),
      enabled: (editor) => editor.can().editImage(),
      command(editor) {
        editor.chain().focus().editImage().run()
        libraryFirst(editor)
      },
    })
  },

  // Leaves out the base's pop-up that takes captions away: here every figure has one.
  addExtensions() {
    return [Upload.configure({ url: this.options.uploadUrl })]
  },
})

export const Caption = BaseCaption.extend({
  addAttributes() {
    return {}
  },

  // Enter leaves the caption for a new paragraph behind the figure.
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { $from } = editor.state.selection
        if ($from.parent.type.name !== this.name) return false
        const behind = $from.after($from.depth - 1)
        return editor.chain().insertContentAt(behind, { type: "paragraph" }).focus(behind + 1).run()
      },
    }
  },
})

const Upload = Extension.create({
  name: "upload",
  priority: PRIORITY,

  addOptions() {
    return { url: "" }
  },

  addProseMirrorPlugins() {
    const send = (files, position) => {
      for (const file of files) upload(this.editor, this.options.url, file, position)
    }
    return [
      new Plugin({
        key: uploads,
        state: { init: () => DecorationSet.empty, apply: remember },
        props: {
          decorations: (state) => uploads.getState(state),
          handlePaste(view, { clipboardData }) {
            const files = pictures(clipboardData)
            if (!files.length || hasWords(clipboardData)) return false
            send(files, view.state.selection.to)
            return true
          },
          handleDrop(view, event, _slice, isMove) {
            const files = isMove ? [] : pictures(event.dataTransfer)
            if (!files.length) return false
            const point = view.posAtCoords({ left: event.clientX, top: event.clientY })
            event.preventDefault()
            send(files, point?.pos ?? view.state.doc.content.size)
            return true
          },
        },
      }),
    ]
  },
})

/**
 * The dialog that was just opened begins with the address of a picture, which nobody knows: the button that leads to the
 * library and to uploading is put before it.
 */
function libraryFirst(editor) {
  const field = editor.view.dom.parentElement.querySelector("dialog[open] .prose-editor-field-with-picker")
  const [input, choose] = field?.children ?? []
  if (!choose) return
  choose.classList.add("editor-dialog__first")
  field.parentElement.prepend(choose)
  if (!input.value) choose.focus()
}

/** Puts an empty caption into every figure that has none, for the cursor to go to. Null where all have one. */
function withCaptions({ doc, schema, tr }) {
  doc.descendants((node, position) => {
    if (node.type === schema.nodes.figure && node.childCount === 1) {
      tr.insert(tr.mapping.map(position + node.nodeSize - 1), schema.nodes.caption.create())
    }
    return !node.isTextblock
  })
  return tr.docChanged ? tr : null
}

const pictures = (data) => [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"))

/** Word and spreadsheets add a picture of the copied words: the words are what is meant. */
function hasWords(data) {
  const html = new DOMParser().parseFromString(data.getData("text/html"), "text/html")
  return html.body.textContent.trim() !== ""
}

async function upload(editor, url, file, position) {
  const { view } = editor
  const id = {}
  view.dispatch(view.state.tr.setMeta(uploads, { id, file, position: behindBlock(view.state.doc, position) }))
  try {
    const stored = await post(url, { file }, 0)
    if (view.isDestroyed) return
    place(editor, id, stored)
  } catch (error) {
    if (view.isDestroyed) return
    const here = whereIs(view.state, id)
    view.dispatch(view.state.tr.setMeta(uploads, { id }))
    notify(editor, `${file.name} was not uploaded. ${error.message}`, {
      label: "Try again",
      run: () => upload(editor, url, file, Math.min(here, view.state.doc.content.size)),
    })
  }
}

function place(editor, id, { url: src, alt = "", caption = "" }) {
  const { view } = editor
  const { schema } = view.state
  const at = whereIs(view.state, id)
  const words = caption ? schema.text(caption) : null
  const figure = schema.nodes.figure.create(null, [
    schema.nodes.image.create({ src, alt }),
    schema.nodes.caption.create(null, words),
  ])
  const transaction = view.state.tr.setMeta(uploads, { id })
  const before = transaction.doc.resolve(at).nodeBefore
  const isEmptyLine = before?.type.name === "paragraph" && before.content.size === 0
  transaction.replaceWith(isEmptyLine ? at - before.nodeSize : at, at, figure)
  const end = transaction.mapping.map(at)
  if (end === transaction.doc.content.size) transaction.insert(end, schema.nodes.paragraph.create())
  view.dispatch(transaction.setSelection(TextSelection.near(transaction.doc.resolve(end - 2), -1)).scrollIntoView())
}

/** A picture stands between the blocks of the text, never inside one. */
function behindBlock(doc, position) {
  const $position = doc.resolve(Math.min(position, doc.content.size))
  return $position.depth ? $position.after(1) : position
}

function whereIs(state, id) {
  const found = uploads.getState(state).find(undefined, undefined, (spec) => spec.id === id)[0]
  return found?.from ?? state.doc.content.size
}

/** One line per upload under way, which moves along with the text. */
function remember(transaction, shown) {
  const moved = shown.map(transaction.mapping, transaction.doc)
  const news = transaction.getMeta(uploads)
  if (!news) return moved
  if (!news.file) return moved.remove(moved.find(undefined, undefined, (spec) => spec.id === news.id))
  return moved.add(transaction.doc, [Decoration.widget(news.position, waitingLine(news.file), { id: news.id, side: -1 })])
}

function waitingLine(file) {
  const line = document.createElement("div")
  line.className = "editor-upload"
  line.textContent = `Uploading ${file.name}…`
  return line
}
