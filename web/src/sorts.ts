// A list of things put in order: dragged, or moved by its arrow buttons (WCAG 2.5.7).
import Sortable from "sortablejs";

import { announce, onEvery } from "./page";

export function startSorts(): void {
  onEvery<HTMLElement>("[data-sorts]", (list) => {
    Sortable.create(list, {
      handle: ".column-grip",
      draggable: "[data-sort-item]",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    });
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-sort-by]");
    const item = button?.closest<HTMLElement>("[data-sort-item]");
    if (!button || !item) return;
    const isUp = button.dataset.sortBy === "-1";
    const neighbour = isUp ? item.previousElementSibling : item.nextElementSibling;
    if (!neighbour) return;
    if (isUp) neighbour.before(item);
    else neighbour.after(item);
    button.focus();
    const place = [...(item.parentElement?.children ?? [])].indexOf(item) + 1;
    announce(`${item.querySelector("label span")?.textContent ?? ""} ${place}`);
  });
}
