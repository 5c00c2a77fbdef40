// Tabs are links; htmx fetches the panel, this marks the one that is open. The filter bar folds: on the phone until it
// is asked for, on the desk when the person wants only the search and the chips.
import { remember } from "./page";

export function startTabs(): void {
  document.addEventListener("click", (event) => {
    const tab = (event.target as HTMLElement).closest<HTMLElement>("[data-tab]");
    if (tab) {
      tab.closest("nav")?.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
      tab.setAttribute("aria-current", "page");
    }
    const fold = (event.target as HTMLElement).closest<HTMLElement>("[data-folds]");
    if (fold) {
      const form = (fold.closest("[data-list]") ?? fold.parentElement)?.querySelector("form.filters") ?? fold.closest("form");
      const isPhone = matchMedia("(max-width: 767.98px)").matches;
      const open = isPhone ? form?.classList.toggle("is-open") ?? false : !form?.classList.toggle("is-folded");
      if (!isPhone) remember("filters", open ? "open" : "folded");
      fold.classList.toggle("is-folded", !open);
      fold.setAttribute("aria-expanded", String(open));
    }
  });
}
