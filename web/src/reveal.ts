// Masked values: ask for a reason, show the answer for ten seconds, cover it again. The server audits.
export function startReveal(): void {
  const dialog = document.getElementById("reveal");
  if (!(dialog instanceof HTMLDialogElement)) return;
  const form = dialog.querySelector("form");
  const reason = dialog.querySelector<HTMLInputElement>("[name=reason]");
  const fault = dialog.querySelector<HTMLElement>(".field-error");
  const title = dialog.querySelector<HTMLElement>("h2");
  if (!form || !reason || !fault || !title) return;
  const words = title.textContent ?? "";
  let asking: HTMLButtonElement | null = null;

  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-reveal]");
    if (!button) return;
    asking = button;
    fault.hidden = true;
    title.textContent = button.dataset.label ? `${words} · ${button.dataset.label}` : words;
    dialog.showModal();
    reason.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (asking && form.reportValidity()) void ask(asking);
  });

  async function ask(button: HTMLButtonElement): Promise<void> {
    const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
    const body = new URLSearchParams({ reason: reason!.value });
    const answer = await fetch(button.dataset.reveal ?? "", { method: "POST", body, headers: { ...headers, "HX-Request": "true" } }).catch(() => null);
    const text = answer ? plain(await answer.text()) : "";
    if (!answer?.ok) {
      fault!.textContent = text || (dialog as HTMLDialogElement).dataset.failed || "";
      fault!.hidden = false;
      return;
    }
    (dialog as HTMLDialogElement).close();
    show(button, text, Number((dialog as HTMLDialogElement).dataset.seconds ?? 10));
  }
}

function plain(html: string): string {
  const part = new DOMParser().parseFromString(html, "text/html");
  return (part.querySelector(".state-refused p") ?? part.body).textContent?.trim() ?? "";
}

function show(button: HTMLButtonElement, value: string, seconds: number): void {
  const place = button.parentElement?.querySelector<HTMLElement>("[data-masked]");
  if (!place) return;
  const masked = place.textContent ?? "";
  place.textContent = value;
  place.classList.add("is-revealed");
  button.disabled = true;
  setTimeout(() => {
    place.textContent = masked;
    place.classList.remove("is-revealed");
    button.disabled = false;
  }, seconds * 1000);
}
