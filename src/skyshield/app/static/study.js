// @ts-check
// A stored study: its page is whole without this; the buttons that copy a command and resume a study need it.

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const from = document.getElementById(/** @type {HTMLElement} */ (button).dataset.copy ?? "");
    if (from === null) return;
    await navigator.clipboard.writeText(from.textContent ?? "");
    button.textContent = "Copied";
  });
}

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-resume]"))) {
  button.addEventListener("click", async () => {
    const study = button.dataset.resume ?? "", said = document.getElementById("resumed");
    button.disabled = true;
    const answer = await fetch("/api/runs", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ study }) });
    if (answer.ok) {
      location.assign(`/runs/${encodeURIComponent(study)}`);
      return;
    }
    button.disabled = false;
    const fault = await answer.json();
    if (said !== null) said.textContent = `${fault.where} ${fault.what}; ${fault.remedy}.`;
  });
}
