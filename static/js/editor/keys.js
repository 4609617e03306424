/*
 * Every update has a key before it is saved, so that a pointer in the text can name it. The form that Django copies for
 * "add another" carries one key for all copies: each copy gets its own here. The hidden initial value moves along, or
 * an update that was added and left empty would count as changed and be refused for having no text.
 */

const KEY_BYTES = 16

export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

document.addEventListener("formset:added", ({ target }) => {
  const key = freshKey()
  for (const input of target.querySelectorAll('input[type="hidden"][name$="-key"]')) input.value = key
})
