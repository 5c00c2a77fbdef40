// The manual beside the page: fetched when it is first asked for; without scripts the same link opens it as a page.
import htmx from "htmx.org";

import { open } from "./dialogs";

export function startHelp(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-help]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !document.getElementById("help")) return;
    event.preventDefault();
    openHelp();
  });
}

export function openHelp(): void {
  const body = document.getElementById("help-body");
  if (!body) return open("keys");
  open("help");
  const address = body.dataset.helpFrom;
  if (!address) return;
  delete body.dataset.helpFrom;
  htmx.ajax("get", address, { target: body, swap: "innerHTML" }).catch(() => (body.dataset.helpFrom = address));
}
