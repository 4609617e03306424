/*
 * An embedded post: the address of a post on a line of its own becomes a card. Which addresses are posts is known to
 * the server alone (`articles.embeds.providers`); here every lone address is asked about, once.
 */

import { crel, Node, Plugin, pm } from "django-prose-editor/editor"
import { askForAddress } from "editor/dialog"
import { get } from "editor/server"

const { NodeSelection, TextSelection } = pm.state

const LONE_ADDRESS = /^https?:\/\/\S+$/
const PAUSE = 150 // milliseconds of quiet before lone addresses are asked about
const NO_POST = "That is not the address of a post we can keep. It can still stand in the text as a link."

export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,
  selectable: true,

  addOptions() {
    return { cardUrl: "" }
  },

  addStorage() {
    return { cards: new Map() }
  },

  addAttributes() {
    return {
      address: {
        parseHTML: (element) => element.dataset.embed,
        renderHTML: ({ address }) => ({ "data-embed": address }),
      },
    }
  },

  parseHTML() {
    return [{ tag: "div[data-embed]" }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const { address } = node.attrs
    return ["div", HTMLAttributes, ["a", { href: address }, address]]
  },

  addNodeView() {
    return ({ node }) => {
      const dom = crel("div", { className: "embed-card", "data-state": "asking" }, [
        crel("span", { className: "embed-card__address", textContent: node.attrs.address }),
      ])
      card(this, node.attrs.address)
        .then((found) => show(dom, node.attrs.address, found))
        .catch((error) => show(dom, node.attrs.address, { state: "unknown", note: error.message }))
      return { dom, stopEvent: ({ target }) => target.tagName === "A", ignoreMutation: () => true }
    }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "embed",
      groups: "insert",
      button: buttons.material("post_add", "Embed a post"),
      active: (editor) => editor.isActive("embed"),
      command: (editor) => askForPost(this, editor),
    })
  },

  addProseMirrorPlugins() {
    return [loneAddresses(this), roomToWriteBelow()]
  },
})

function askForPost(extension, editor) {
  askForAddress(editor, {
    title: "Embed a post",
    label: "Address of the post",
    submitText: "Embed",
    async check(address) {
      const found = await card(extension, address)
      if (!found.recognised) throw new Error(NO_POST)
      return found
    },
    take: ({ address }) => editor.chain().focus().insertContent({ type: "embed", attrs: { address } }).run(),
  })
}

/** The server's answer about one address; a failed question may be asked again. */
function card({ storage, options }, address) {
  if (!storage.cards.has(address)) {
    const asked = get(options.cardUrl, { address })
    asked.catch(() => storage.cards.delete(address))
    storage.cards.set(address, asked)
  }
  return storage.cards.get(address)
}

/** Replaces paragraphs that hold nothing but the address of a post, as soon as the cursor has left them. */
function loneAddresses(extension) {
  const keptAsText = new Set()
  let timer
  return new Plugin({
    state: {
      init: () => null,
      apply(transaction) {
        // Undo brings the address back as text: then text is what the editor wants.
        if (transaction.docChanged && pm.history.isHistoryTransaction(transaction)) {
          for (const { address } of lines(transaction.doc)) keptAsText.add(address)
        }
        return null
      },
    },
    view: () => ({
      update(view, before) {
        if (view.state.doc.eq(before.doc) && view.state.selection.eq(before.selection)) return
        clearTimeout(timer)
        timer = setTimeout(() => settle(extension, view, keptAsText), PAUSE)
      },
      destroy: () => clearTimeout(timer),
    }),
  })
}

/** A text that comes to end with a post or a picture gets an empty line behind it, and the cursor that stood there. */
function roomToWriteBelow() {
  return new Plugin({
    appendTransaction(transactions, _before, { doc, selection, schema, tr }) {
      if (!transactions.some(({ docChanged }) => docChanged) || doc.lastChild.type === schema.nodes.paragraph) return null
      const end = doc.content.size
      tr.insert(end, schema.nodes.paragraph.create())
      const stoodAtTheEnd = selection instanceof NodeSelection && selection.to === end
      return stoodAtTheEnd ? tr.setSelection(TextSelection.create(tr.doc, end + 1)) : tr
    },
  })
}

async function settle(extension, view, keptAsText) {
  for (const { address } of lines(view.state.doc, view.state.selection)) {
    if (keptAsText.has(address)) continue
    const found = await card(extension, address).catch(() => null)
    if (view.isDestroyed) return
    // The text may have changed while the server was asked: look again.
    const line = found?.recognised && lines(view.state.doc, view.state.selection).find((one) => one.address === address)
    if (!line) continue
    const node = view.state.schema.nodes.embed.create({ address: found.address })
    const closed = pm.history.closeHistory(view.state.tr)
    view.dispatch(closed.replaceWith(line.from, line.to, node))
  }
}

/** Top-level paragraphs that are one address, except the one in which the cursor stands. */
function lines(doc, selection = null) {
  const found = []
  doc.forEach((node, from) => {
    const to = from + node.nodeSize
    const address = node.type.name === "paragraph" ? node.textContent.trim() : ""
    const isBeingWritten = selection && selection.from >= from && selection.to <= to
    if (LONE_ADDRESS.test(address) && !isBeingWritten) found.push({ address, from, to })
  })
  return found
}

function show(dom, address, answer) {
  const { provider, state = "plain", note, author, handle, text, language } = answer
  const { edit_url: editUrl, edit_words: editWords } = answer
  dom.dataset.state = state
  const head = crel("div", { className: "embed-card__head" }, [
    crel("strong", { textContent: provider ?? "Link" }),
    crel("span", { className: "embed-card__note", textContent: note ?? NO_POST }),
  ])
  const parts = [head]
  if (author || handle) {
    const who = [author, handle && !handle.startsWith("@") ? `@${handle}` : handle].filter(Boolean).join(" ")
    parts.push(crel("div", { className: "embed-card__author", textContent: who, dir: "auto" }))
  }
  if (text) parts.push(crel("div", { className: "embed-card__text", textContent: text, lang: language ?? "", dir: "auto" }))
  const foot = crel("div", { className: "embed-card__foot" }, [
    crel("span", { className: "embed-card__address", textContent: address }),
  ])
  if (editUrl) foot.append(crel("a", { href: editUrl, target: "_blank", textContent: editWords }))
  dom.replaceChildren(...parts, foot)
}
