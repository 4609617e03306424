/*
 * Tells the server that this article is open here, and shows who else has it open or has saved it since. It warns; the
 * server refuses a save that would overwrite another.
 */

const HEARTBEAT = 20_000 // milliseconds; the server forgets after three
const state = document.getElementById("desk-state")
const line = document.getElementById("presence")
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value

function sentence({ others, version, saved_by, saved_at }) {
  const parts = []
  if (others.length) {
    const verb = others.length === 1 ? "is" : "are"
    parts.push(`${others.join(", ")} ${verb} editing this too. Talk to each other before you save.`)
  }
  if (version > Number(state.dataset.version)) {
    parts.push(`${saved_by} saved it at ${saved_at}. When you save, you will see what changed and choose.`)
  }
  return parts.join(" ")
}

async function beat() {
  if (document.visibilityState === "hidden") return
  try {
    const response = await fetch(state.dataset.presence, { method: "POST", headers: { "X-CSRFToken": token() } })
    if (!response.ok) return
    const words = sentence(await response.json())
    if (line.textContent !== words) line.textContent = words
    line.hidden = !words
  } catch {
    // Without a connection nobody can be asked; the next heartbeat tries again.
  }
}

function leave() {
  const body = new URLSearchParams({ leaving: "1", csrfmiddlewaretoken: token() })
  navigator.sendBeacon(state.dataset.presence, body)
}

if (state?.dataset.presence && "mayChange" in state.dataset) {
  beat()
  setInterval(beat, HEARTBEAT)
  document.addEventListener("visibilitychange", beat)
  window.addEventListener("pagehide", leave)
}
