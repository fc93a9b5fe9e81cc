// @ts-check
// A stored study: its page is whole without this; only the button that copies a command needs it.

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const from = document.getElementById(/** @type {HTMLElement} */ (button).dataset.copy ?? "");
    if (from === null) return;
    await navigator.clipboard.writeText(from.textContent ?? "");
    button.textContent = "Copied";
  });
}
