// The table that follows a button goes to the clipboard, as a table and as text. Nothing leaves this computer.
// No tag may be written in here: the browser-side cleaning drops a script that holds one.
if (!window.meridianCopies) {
  window.meridianCopies = true;
  const line = "border:1px solid #8A949E;padding:2pt 5pt;";
  const drawn = (table) => {
    const copy = table.cloneNode(true);
    copy.removeAttribute("class");
    copy.setAttribute("style", "border-collapse:collapse;font-family:Calibri,sans-serif;font-size:10pt");
    copy.querySelectorAll("caption").forEach((one) => one.remove());
    copy.querySelectorAll("th,td").forEach((cell) => {
      const right = cell.classList.contains("n") ? "text-align:right;" : "text-align:left;";
      cell.setAttribute("style", line + right + (cell.closest("thead") ? "font-weight:bold;background:#F3F6F9;" : "font-weight:normal;"));
      cell.removeAttribute("class");
    });
    return copy.outerHTML;
  };
  const written = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t")).join("\n");
  const selected = (table) => {
    const range = document.createRange();
    range.selectNode(table);
    window.getSelection().removeAllRanges();
    window.getSelection().addRange(range);
    return document.execCommand("copy");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest(".m-copy");
    if (!button) return;
    const after = (table) => button.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING;
    const table = [...document.querySelectorAll("table.m-table")].find(after);
    if (!table) return;
    const caption = button.parentElement.querySelector(".m-title").textContent;
    const named = document.createElement("p");
    named.textContent = caption;
    const html = named.outerHTML + drawn(table);
    const text = `${caption}\n${written(table)}`;
    let done = true;
    try {
      const kinds = { "text/html": new Blob([html], { type: "text/html" }), "text/plain": new Blob([text], { type: "text/plain" }) };
      await navigator.clipboard.write([new ClipboardItem(kinds)]);
    } catch {
      done = selected(table);
    }
    button.parentElement.querySelector("[role=status]").textContent = done ? window.meridianCopied.done : window.meridianCopied.by_hand;
  });
}
