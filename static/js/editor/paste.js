/*
 * Foreign HTML, and lines that may be posts, are cleaned by the server before they stand in the text: by the same rules
 * by which the text is stored. Plain words and what was copied inside an editor are pasted at once. If the server does
 * not answer, the browser's own reading is pasted instead; the text is cleaned again when it is saved.
 */

import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { notify } from "editor/notice"
import { post } from "editor/server"

const { PluginKey, TextSelection } = pm.state

const PATIENCE = 6_000 // milliseconds
const FRAGMENT = /<!--\s*StartFragment\s*-->([\s\S]*?)<!--\s*EndFragment\s*-->/i
const ADDRESS = /^https?:\/\/\S+$/
const PLATFORM_CODE = /^<(blockquote|iframe|div|script)\b[\s\S]*>$/i
const OWN = "data-pm-slice" // what an editor of ours puts on the clipboard
const ATTRIBUTE = /\s+([^\s=>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']*))?/g
const TAG = new RegExp(`<([a-z][\\w:-]*)((?:${ATTRIBUTE.source})*)\\s*/?>`, "gi")
const UNSEEN = /<!--[\s\S]*?-->|<(style|script|xml|title)\b[\s\S]*?<\/\1\s*>/gi
const UNDERSTOOD = new Set("href title src alt colspan rowspan start data-embed data-pointer".split(" ")).add(OWN)
const ADDRESS_ON_A_LINE = /^[ \t]*https?:\/\/\S+[ \t]*$/m

const places = new PluginKey("placesOfPendingPastes")

/** Below the extensions that know better: links over selected words, and picture files. */
const PRIORITY = 900

export const CleanPaste = Extension.create({
  name: "cleanPaste",
  priority: PRIORITY,

  addOptions() {
    return { url: "", kind: "" }
  },

  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: places,
        state: { init: () => [], apply: remember },
        props: {
          transformPastedHTML: inert,
          handlePaste: (view, event) => {
            const content = foreign(view, event.clipboardData)
            if (content) pasteClean(this.editor, this.options, content)
            return Boolean(content)
          },
        },
      }),
    ]
  },
})

/** What the server is to clean, or null where the editor's own way of pasting is right. */
function foreign(view, clipboard) {
  const { $from } = view.state.selection
  if (!clipboard || view.input.shiftKey || $from.parent.type.spec.code) return null
  const html = clipboard.getData("text/html")
  const text = clipboard.getData("text/plain").trim()
  if (html.includes(OWN)) return null
  if (PLATFORM_CODE.test(text)) return { text }
  if (ADDRESS.test(text)) return isLineOfItsOwn(view.state.selection) ? { text } : null
  if (html.trim()) return { html: html.match(FRAGMENT)?.[1] ?? html }
  return ADDRESS_ON_A_LINE.test(text) ? { text } : null
}

/** Only between the blocks of the text is there room for a post: not in a cell, an item or among words. */
const isLineOfItsOwn = ({ $from, empty }) => empty && $from.depth === 1 && $from.parent.content.size === 0

/**
 * The browser reads every clipboard before it asks us what to do with it, and our policy counts style and script even in
 * a document that nobody sees: only tags and the few attributes that the editor understands are left for it to read.
 */
function inert(html) {
  return html.replace(UNSEEN, "").replace(TAG, (_tag, name, attributes) => {
    const kept = [...attributes.matchAll(ATTRIBUTE)].filter(([, attribute]) => UNDERSTOOD.has(attribute.toLowerCase()))
    return `<${name}${kept.map(([whole]) => whole).join("")}>`
  })
}

async function pasteClean(editor, { url, kind }, content) {
  const { view } = editor
  const place = hold(view)
  let cleaned
  try {
    cleaned = await post(url, { ...content, kind }, PATIENCE)
  } catch (error) {
    cleaned = { ...content, pictures_left_out: 0 }
    if (!view.isDestroyed) notify(editor, `${error.message} What you pasted stands in the text as the browser read it.`)
  }
  if (view.isDestroyed) return
  const cursor = hold(view)
  const hasMovedOn = returnTo(view, place)
  if (cleaned.html) view.pasteHTML(cleaned.html)
  else if (cleaned.text) view.pasteText(cleaned.text)
  if (hasMovedOn) returnTo(view, cursor)
  else view.dispatch(view.state.tr.setMeta(places, { place: cursor }))
  tellAboutPictures(editor, cleaned.pictures_left_out)
}

/** The pending places, moved along with every change of the text. What is typed at one of them stays behind it. */
function remember(transaction, pending) {
  const moved = pending.map((waiting) => {
    const to = transaction.mapping.map(waiting.to, -1)
    return { place: waiting.place, from: Math.min(transaction.mapping.map(waiting.from, 1), to), to }
  })
  const news = transaction.getMeta(places)
  if (!news) return moved
  if (news.range) return [...moved, { place: news.place, from: news.range.from, to: news.range.to }]
  return moved.filter(({ place }) => place !== news.place)
}

/** Remembers the selection under a name of its own. */
function hold(view) {
  const place = {}
  view.dispatch(view.state.tr.setMeta(places, { place, range: view.state.selection }))
  return place
}

/** Selects what was remembered, and says whether that is elsewhere than the cursor. */
function returnTo(view, place) {
  const { doc, selection, tr } = view.state
  const { from, to } = places.getState(view.state).find((pending) => pending.place === place)
  const there = TextSelection.between(doc.resolve(from), doc.resolve(to))
  view.dispatch(tr.setSelection(there).setMeta(places, { place }))
  return selection.from !== from || selection.to !== to
}

function tellAboutPictures(editor, count) {
  if (!count) return
  const which = count === 1 ? "One picture was" : `${count} pictures were`
  notify(editor, `${which} left out: pictures come from our own library. Drop the files into the text to upload them.`)
}
