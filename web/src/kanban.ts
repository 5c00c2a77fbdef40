// Kanban: drag with the mouse or a finger, or use the card's 移动到… menu (WCAG 2.5.7). Both send the same request:
// the card's data-move address with `column` and `position`.
import htmx from "htmx.org";
import Sortable from "sortablejs";

import { announce, onEvery } from "./page";

export function startKanban(): void {
  onEvery<HTMLElement>("[data-kanban-cards]", (column) => {
    Sortable.create(column, {
      group: column.dataset.kanbanCards,
      draggable: "[data-move]",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      delay: 120,
      delayOnTouchOnly: true,
      onEnd: (moved) => {
        if (moved.from === moved.to && moved.oldIndex === moved.newIndex) return;
        send(moved.item, moved.to.dataset.column ?? "", moved.newIndex ?? 0);
      },
    });
  });
  document.addEventListener("click", (event) => {
    const choice = (event.target as HTMLElement).closest<HTMLElement>("[data-move-to]");
    const card = choice?.closest<HTMLElement>("[data-move]");
    const target = choice && document.querySelector<HTMLElement>(`[data-kanban-cards][data-column="${CSS.escape(choice.dataset.moveTo ?? "")}"]`);
    if (!card || !target) return;
    target.append(card);
    send(card, target.dataset.column ?? "", target.children.length - 1);
    card.querySelector<HTMLElement>("a, button")?.focus();
  });
}

function send(card: HTMLElement, column: string, position: number): void {
  void htmx.ajax("post", card.dataset.move ?? "", { source: card, target: card, swap: "none", values: { column, position } });
  const heading = document.querySelector<HTMLElement>(`[data-column="${CSS.escape(column)}"]`)?.dataset.columnName ?? column;
  announce(`${card.dataset.name ?? ""} → ${heading}`);
}
