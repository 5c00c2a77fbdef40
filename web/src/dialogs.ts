// Native dialogs: `data-opens="id"` opens, `data-closes` closes, a typed confirmation frees the button.
import { onEvery } from "./page";

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const closer = target.closest<HTMLElement>("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener) open(opener.dataset.opens ?? "");
    if (target instanceof HTMLDialogElement && isOutside(target, event)) target.close();
  });
  onEvery<HTMLInputElement>("input[data-typed]", (input) => {
    const button = input.closest("form")?.querySelector<HTMLButtonElement>("button[data-needs-typed]");
    const plain = (text: string): string => text.normalize("NFKC").replace(/[\s,¥]/g, "");
    const judge = (): void => {
      if (button) button.disabled = plain(input.value) !== plain(input.dataset.typed ?? "");
    };
    input.addEventListener("input", judge);
    judge();
  });
  onEvery<HTMLDialogElement>("dialog[data-open-now]", (dialog) => dialog.showModal());
}

export function open(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

function isOutside(dialog: HTMLDialogElement, event: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
