/*
 * The focal point of a picture: a click on it fills in the two fields, and marker and previews follow the fields, which
 * the keyboard can change as well.
 */
;(() => {
  const limited = (value) => Math.min(100, Math.max(0, Math.round(Number(value) || 0)))

  function connect(box) {
    const picture = box.querySelector("[data-focal-picture]")
    const mark = box.querySelector("[data-focal-mark]")
    const crops = box.querySelectorAll("[data-focal-crop]")
    const across = document.getElementById("id_focal_x")
    const down = document.getElementById("id_focal_y")

    function show() {
      const x = `${limited(across ? across.value : 50)}%`
      const y = `${limited(down ? down.value : 50)}%`
      mark.style.left = x
      mark.style.top = y
      mark.hidden = false
      for (const crop of crops) crop.style.objectPosition = `${x} ${y}`
    }

    show()
    if (!across || !down) return // somebody who may look and not change

    box.classList.add("focal--live")
    picture.addEventListener("click", (event) => {
      const bounds = picture.getBoundingClientRect()
      across.value = limited(((event.clientX - bounds.left) / bounds.width) * 100)
      down.value = limited(((event.clientY - bounds.top) / bounds.height) * 100)
      for (const field of [across, down]) field.dispatchEvent(new Event("input", { bubbles: true }))
    })
    for (const field of [across, down]) field.addEventListener("input", show)
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-focal]").forEach(connect))
})()
