/*
 * A click on "Play here" puts our own /play/ page into the article, and only then is anybody else asked for anything.
 * Without this script the card's plain link leads to the video.
 */

function frameFor(card) {
  const frame = document.createElement("iframe");
  frame.className = "embed__frame";
  frame.src = card.dataset.play;
  frame.title = card.dataset.playTitle;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  return frame;
}

function play(card, button) {
  const frame = frameFor(card);
  card.querySelector(".embed__pictures")?.remove();
  button.remove();
  card.prepend(frame);
  frame.focus();
}

function offer(card) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "embed__play";
  button.textContent = `Play here (loads from ${card.dataset.playSite})`;
  button.addEventListener("click", () => play(card, button), { once: true });
  card.querySelector(".embed__source").before(button);
}

for (const card of document.querySelectorAll("[data-play]")) {
  offer(card);
}
