// Single keys (UX.md §5): g then a letter goes somewhere, j/k move in a list, Enter opens, ? explains.
// Never while typing; can be switched off for good (WCAG 2.1.4).
import { open } from "./dialogs";
import { selectCurrent } from "./lists";
import { isTyping } from "./page";

const OFF = "keys-off";
let waitsForPlace = false;

export function startKeys(): void {
  const box = document.querySelector<HTMLInputElement>("[data-keys-off]");
  if (box) {
    box.checked = localStorage.getItem(OFF) === "yes";
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "yes" : "no"));
  }
  const places = placesOf();
  document.addEventListener("keydown", (event) => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target);
    if (busy || localStorage.getItem(OFF) === "yes" || document.querySelector("dialog[open]")) return;
    if (waitsForPlace && places[event.key]) location.assign(places[event.key]);
    waitsForPlace = event.key === "g";
    if (event.key === "?") open("keys");
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    if (event.key === "Enter" && !(event.target as HTMLElement).closest("a, button, summary")) openRow();
    if (event.key === "x" && selectCurrent()) return;
    pressVerdict(event.key);
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

/** `data-key="a"` on a button: the approval page's 同意/退回/拒绝. */
function pressVerdict(key: string): void {
  if (!/^[a-z]$/.test(key)) return;
  document.querySelector<HTMLElement>(`[data-key="${key}"]:not([disabled])`)?.click();
}
