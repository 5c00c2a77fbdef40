// A verdict that may still be taken back: the seconds run down, and at nought the page shows what became of it.
import { isTyping, onEvery } from "./page";

export function startUndo(): void {
  onEvery<HTMLElement>("[data-undo]", (bar) => {
    const said = bar.querySelector<HTMLElement>("[data-undo-left]");
    const ends = Date.now() + Number(bar.dataset.seconds ?? 0) * 1000;
    const timer = setInterval(() => {
      const left = Math.ceil((ends - Date.now()) / 1000);
      if (said && left > 0) said.textContent = said.textContent?.replace(/\d+/, String(left)) ?? "";
      if (left > 0 && bar.isConnected) return;
      clearInterval(timer);
      bar.querySelectorAll("button").forEach((button) => (button.disabled = true));
      // The worker counts it a moment later. Nobody's words are lost to the fresh page.
      setTimeout(() => !isTyping(document.activeElement) && !document.querySelector("dialog[open], [data-select]:checked") && location.reload(), 1500);
    }, 500);
  });
}
