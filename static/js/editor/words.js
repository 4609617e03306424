/*
 * The editor's dialogues in the desk's words. A plain script on purpose: it runs before the editor's modules, which ask
 * `gettext` for their words once.
 */
{
  const ours = {
    "Insert Figure": "Insert a picture",
    "Edit Figure": "Picture",
    "Edit Image": "Picture",
    "Image URL": "Or its address in our library",
    "Browse...": "Choose or upload…",
    "Alternative Text": "Alternative text, for those who cannot see it",
    "Caption": "Caption and credit",
    "Edit Link": "Link",
    "URL": "Address",
    "Title": "Title, shown on pointing (may stay empty)",
    "Table Properties": "Insert a table",
    "Insert Table": "Insert",
    "Include header row": "First row is a header",
  }
  const before = window.gettext ?? ((words) => words)
  window.gettext = (words) => ours[words] ?? before(words)
}
