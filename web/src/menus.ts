// Buttons that open a small menu: arrows move, Escape closes and gives the focus back.
import { onEvery } from "./page";

export function startMenus(): void {
  onEvery<HTMLButtonElement>("[data-menu]", dress);
}

function dress(button: HTMLButtonElement): void {
  const panel = button.parentElement?.querySelector<HTMLElement>(".menu-panel");
  if (!panel) return;
  const entries = (): HTMLElement[] => [...panel.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const show = (open: boolean): void => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    show(panel.hidden);
    if (!panel.hidden) entries()[0]?.focus();
  });
  panel.addEventListener("click", (event) => {
    if ((event.target as HTMLElement).closest("[role^=menuitem]")) show(false);
  });
  document.addEventListener("click", (event) => {
    if (!panel.hidden && !button.parentElement?.contains(event.target as Node)) show(false);
  });
  button.parentElement?.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) {
      show(false);
      button.focus();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (panel.hidden) show(true);
      const list = entries();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = list.indexOf(document.activeElement as HTMLElement);
      list[(at + step + list.length) % list.length]?.focus();
    }
  });
}
