// Forms: one submission at a time, no submission by the Enter of an input method, first error gets the focus,
// drafts are saved as one types where the form asks for it.
import { onEvery } from "./page";

export function startForms(): void {
  onEvery<HTMLFormElement>("form[data-form], form[method=post]", dress);
  onEvery<HTMLElement>("[data-focus-first]", (summary) => {
    if (!summary.closest(".field-samples")) summary.focus();
  });
  onEvery<HTMLInputElement>("input[inputmode=decimal]", (input) => {
    input.addEventListener("blur", () => (input.value = grouped(input)));
  });
  addEventListener("pageshow", (event) => {
    // Coming back from the cache of the browser: the buttons must live again.
    if (event.persisted) document.querySelectorAll("form[data-sending]").forEach((form) => free(form as HTMLFormElement));
  });
}

function dress(form: HTMLFormElement): void {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sending")) {
      event.preventDefault();
      return;
    }
    if (form.method === "dialog" || form.matches("[hx-post], [hx-put], [hx-get]")) return;
    // A button that fetches a file (`data-downloads`) leaves the page as it is, ready for the next step.
    if ((event as SubmitEvent).submitter?.hasAttribute("data-downloads")) return;
    form.setAttribute("data-sending", "");
    form.setAttribute("aria-busy", "true");
    // An answer that is a file leaves the page as it is: give the button back.
    setTimeout(() => free(form), 15000);
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === form) form.setAttribute("data-sending", "");
  });
  form.addEventListener("htmx:afterRequest", () => free(form));
}

function free(form: HTMLFormElement): void {
  form.removeAttribute("data-sending");
  form.removeAttribute("aria-busy");
}

/** `12000.5` reads `12,000.5` when the field says it is money; everything else stays as it was typed. */
function grouped(input: HTMLInputElement): string {
  const text = input.value.normalize("NFKC").replace(/[\s,]/g, "");
  if (!input.closest("[data-money]") || !/^-?\d+(\.\d+)?$/.test(text)) return input.value;
  const [whole, part] = text.split(".");
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? separated : `${separated}.${part}`;
}
