// Asks the browser's own key, by django-allauth's script, and says in the page when that came to nothing.
{
  const forms = window.allauth.webauthn.forms;
  const trouble = document.getElementById("passkey-trouble");
  const add = document.getElementById("passkey-add");
  const ask = document.getElementById("passkey-ask");
  const button = add || ask;

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    trouble.hidden = false;
  });
  button.addEventListener("click", () => {
    trouble.hidden = true;
  });
  if (window.PublicKeyCredential) {
    button.hidden = false;
    const ids = { credential: "passkey-answer", data: "passkey-questions" };
    if (add) forms.addForm({ ids: { ...ids, add: add.id } });
    else forms.authenticateForm({ ids: { ...ids, authenticate: ask.id } });
  }
}
