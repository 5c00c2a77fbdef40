// A day is typed as 2026-11-23 or picked from a small calendar; weeks begin on Monday, the business date is marked.
// The native picker would show the machine's own order of day and month and would empty what it cannot read.
import { icon, onEvery } from "./page";

type Day = { year: number; month: number; day: number };

const words = (): DOMStringMap => document.getElementById("words")?.dataset ?? {};
const text = (d: Day): string => `${d.year}-${String(d.month).padStart(2, "0")}-${String(d.day).padStart(2, "0")}`;
const utc = (d: Day): Date => new Date(Date.UTC(d.year, d.month - 1, d.day));
const fromUtc = (d: Date): Day => ({ year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() });
const plus = (d: Day, days: number): Day => fromUtc(new Date(utc(d).getTime() + days * 86_400_000));

function read(value: string): Day | null {
  const found = /^(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?$/.exec(value.normalize("NFKC").trim());
  if (!found) return null;
  const day = { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) };
  return text(fromUtc(utc(day))) === text(day) ? day : null;
}

function today(): Day {
  const booked = document.querySelector<HTMLTimeElement>(".chip-date time")?.dateTime ?? "";
  return read(booked) ?? fromUtc(new Date(Date.now() + 8 * 3_600_000));
}

export function startDates(): void {
  onEvery<HTMLInputElement>("input[data-date]", (input) => {
    const box = document.createElement("span");
    box.className = "date-box";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button date-button";
    button.setAttribute("aria-label", words().pickDay ?? "");
    button.setAttribute("aria-expanded", "false");
    button.append(icon("calendar"));
    input.replaceWith(box);
    box.append(input, button);
    input.addEventListener("change", () => {
      const day = read(input.value);
      if (day) input.value = text(day);
    });
    button.addEventListener("click", (event) => {
      event.preventDefault();
      box.querySelector(".calendar") ? shut(box) : show(box, input, read(input.value) ?? today());
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.querySelector(".calendar")) return;
      event.stopPropagation();
      shut(box);
      button.focus();
    });
    document.addEventListener("click", (event) => {
      if (!event.composedPath().includes(box)) shut(box);
    });
  });
}

function shut(box: HTMLElement): void {
  box.querySelector(".calendar")?.remove();
  box.querySelector(".date-button")?.setAttribute("aria-expanded", "false");
}

function show(box: HTMLElement, input: HTMLInputElement, shown: Day): void {
  shut(box);
  const panel = document.createElement("div");
  panel.className = "calendar";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words().pickDay ?? "");
  const choose = (day: Day): void => {
    input.value = text(day);
    shut(box);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  };
  panel.append(head(shown, (month) => show(box, input, month)), grid(input, shown, choose));
  box.append(panel);
  box.querySelector(".date-button")?.setAttribute("aria-expanded", "true");
  panel.classList.toggle("is-right", panel.getBoundingClientRect().right > document.documentElement.clientWidth - 8);
  panel.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    const at = (document.activeElement as HTMLElement | null)?.dataset.day;
    if (!by || !at) return;
    event.preventDefault();
    const next = plus(read(at)!, by);
    if (next.month !== shown.month) show(box, input, next);
    box.querySelector<HTMLElement>(`[data-day="${text(next)}"]`)?.focus();
  });
  (panel.querySelector<HTMLElement>("[aria-pressed=true]") ?? panel.querySelector<HTMLElement>(`[data-day="${text(shown)}"]`))?.focus();
}

function head(shown: Day, go: (month: Day) => void): HTMLElement {
  const row = document.createElement("div");
  row.className = "calendar-head";
  const title = document.createElement("strong");
  title.setAttribute("aria-live", "polite");
  title.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { year: "numeric", month: "long", timeZone: "UTC" }).format(utc(shown));
  const step = (by: number, name: string, label: string): HTMLButtonElement => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    button.setAttribute("aria-label", label);
    button.append(icon(name));
    button.addEventListener("click", (event) => {
      event.preventDefault();
      event.stopPropagation();
      go(fromUtc(new Date(Date.UTC(shown.year, shown.month - 1 + by, 1))));
    });
    return button;
  };
  row.append(step(-12, "chevrons-left", words().previousYear ?? ""), step(-1, "chevron-left", words().previousMonth ?? ""), title,
    step(1, "chevron-right", words().nextMonth ?? ""), step(12, "chevrons-right", words().nextYear ?? ""));
  return row;
}

function grid(input: HTMLInputElement, shown: Day, choose: (day: Day) => void): HTMLElement {
  const body = document.createElement("div");
  body.className = "calendar-grid";
  const first = { ...shown, day: 1 };
  const start = plus(first, -((utc(first).getUTCDay() + 6) % 7));
  for (let i = 0; i < 7; i++) {
    const name = document.createElement("span");
    name.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "narrow", timeZone: "UTC" }).format(utc(plus(start, i)));
    body.append(name);
  }
  const chosen = read(input.value);
  for (let i = 0; i < 42; i++) {
    const day = plus(start, i);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = String(day.day);
    button.dataset.day = text(day);
    button.setAttribute("aria-label", text(day));
    button.setAttribute("aria-pressed", String(chosen !== null && text(chosen) === text(day)));
    if (day.month !== shown.month) button.className = "is-other";
    if (text(day) === text(today())) button.setAttribute("aria-current", "date");
    button.disabled = Boolean((input.dataset.first && text(day) < input.dataset.first) || (input.dataset.last && text(day) > input.dataset.last));
    button.addEventListener("click", (event) => {
      event.preventDefault();
      choose(day);
    });
    body.append(button);
  }
  return body;
}
