// Single keys (UX.md §5): g then a letter goes somewhere, j/k move in a list, x selects, Enter opens, ? explains.
// Never while typing; every one can be changed, or all switched off for good (WCAG 2.1.4).
import { areOff, keyOf, startBindings } from "./bindings";
import { openHelp } from "./help";
import { selectCurrent } from "./lists";
import { isTyping } from "./page";

let waitsForPlace = false;

export function startKeys(): void {
  startBindings();
  const places = placesOf();
  document.addEventListener("keydown", (event) => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target);
    if (busy || areOff() || document.querySelector("dialog[open]")) return;
    const key = event.key;
    if (waitsForPlace) {
      waitsForPlace = false;
      const place = Object.keys(places).find((one) => keyOf(`go-${one}`) === key);
      if (place) return location.assign(places[place]);
    }
    if (key === keyOf("go")) waitsForPlace = true;
    else if (key === keyOf("help")) openHelp();
    else if (key === keyOf("down") || key === keyOf("up")) step(key === keyOf("down") ? 1 : -1);
    else if (key === keyOf("open") && !(key === "Enter" && (event.target as HTMLElement).closest("a, button, summary"))) openRow();
    else if (!(key === keyOf("select") && selectCurrent()) && !voteOnRow(key)) pressVerdict(key);
  });
}

function placesOf(): Record<string, string> {
  const data = document.getElementById("shortcuts")?.textContent;
  return data ? (JSON.parse(data) as Record<string, string>) : {};
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-rows] tbody tr, [data-row]")];
}

function step(by: number): void {
  const list = rows();
  if (!list.length) return;
  const now = list.findIndex((row) => row.hasAttribute("data-current"));
  const next = list[Math.min(Math.max(now + by, 0), list.length - 1)];
  list.forEach((row) => row.removeAttribute("data-current"));
  next.setAttribute("data-current", "");
  next.scrollIntoView({ block: "nearest" });
  const link = next.querySelector<HTMLElement>("a, button");
  if (link) link.focus({ preventScroll: true });
}

function openRow(): void {
  document.querySelector<HTMLElement>("[data-current] a")?.click();
}

/** `data-key="a"` on a button: the approval page's 同意/退回/拒绝, under whatever key the person gave to that letter. */
function pressVerdict(key: string): void {
  const buttons = [...document.querySelectorAll<HTMLElement>("[data-key]:not([disabled])")];
  buttons.find((button) => (keyOf(`act-${button.dataset.key}`) || button.dataset.key) === key)?.click();
}

/** In the inbox: agreeing to the current row at once (it can be undone); what needs words is said on its own page. */
function voteOnRow(key: string): boolean {
  const form = document.querySelector<HTMLFormElement>("form[data-row-verdict]");
  const place = document.querySelector<HTMLElement>("[data-current] [data-votes-at]");
  if (!form || !place) return false;
  const verb = ["a", "r", "t"].find((one) => keyOf(`act-${one}`) === key);
  if (!verb) return false;
  if (verb !== "a" || !place.dataset.votesAt) openRow();
  else {
    form.action = place.dataset.votesAt;
    form.requestSubmit();
  }
  return true;
}
