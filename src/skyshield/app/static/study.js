// @ts-check
// A stored study: its page is whole without this; the buttons that copy a command and resume a study need it.
import { Fault, post } from "./api.js";

const GONE = { where: "application", what: "does not answer", remedy: "see whether it still runs, then try again" };

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const from = document.getElementById(/** @type {HTMLElement} */ (button).dataset.copy ?? "");
    if (from === null) return;
    try {
      await navigator.clipboard.writeText(from.textContent ?? "");
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed: select it";
    }
  });
}

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-resume]"))) {
  button.addEventListener("click", async () => {
    const study = button.dataset.resume ?? "", said = document.getElementById("resumed");
    button.disabled = true;
    try {
      await post("/api/runs", { study });
      location.assign(`/runs/${encodeURIComponent(study)}`);
    } catch (error) {
      button.disabled = false;
      const fault = error instanceof Fault ? error : GONE;
      if (said !== null) said.textContent = `${fault.where} ${fault.what}; ${fault.remedy}.`;
    }
  });
}
