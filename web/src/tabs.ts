// Tabs are links; htmx fetches the panel, this marks the one that is open. The filter bar of the phone folds the same way.
export function startTabs(): void {
  document.addEventListener("click", (event) => {
    const tab = (event.target as HTMLElement).closest<HTMLElement>("[data-tab]");
    if (tab) {
      tab.closest("nav")?.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
      tab.setAttribute("aria-current", "page");
    }
    const fold = (event.target as HTMLElement).closest<HTMLElement>("[data-folds]");
    if (fold) {
      const open = fold.closest("form")?.classList.toggle("is-open") ?? false;
      fold.setAttribute("aria-expanded", String(open));
    }
  });
}
