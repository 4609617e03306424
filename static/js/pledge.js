/* The support page with a script: typing an amount chooses it, and the sum in words repeats what was typed. */

const typed = document.getElementById("amount-typed");
const other = document.getElementById("amount-other");
const told = document.querySelector(".sum__amount--other");
const code = document.getElementById("sum")?.dataset.currency ?? "";
const plain = told?.textContent;

function tell() {
  if (told) {
    const words = typed.value.trim();
    told.textContent = words ? `${words} ${code}` : plain;
  }
}

if (typed && other) {
  typed.addEventListener("input", () => {
    if (typed.value.trim()) {
      other.checked = true;
    }
    tell();
  });
  for (const button of document.querySelectorAll('[name="choice"]')) {
    button.addEventListener("change", () => {
      if (button !== other) {
        typed.value = "";
      }
      tell();
    });
  }
  tell();
}
