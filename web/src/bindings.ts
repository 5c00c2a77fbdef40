// Which key does what: the defaults stand on the dialog of keys, what a person chose in this browser.
const STORE = "keys";
const OFF = "keys-off";

type Chosen = Record<string, string>;

export function areOff(): boolean {
  return localStorage.getItem(OFF) === "yes";
}

/** The key of an action; an action that the dialog does not list has none. */
export function keyOf(id: string): string {
  return chosen()[id] ?? button(id)?.dataset.default ?? "";
}

export function startBindings(): void {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const box = dialog.querySelector<HTMLInputElement>("[data-keys-off]");
  if (box) {
    box.checked = areOff();
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "yes" : "no"));
  }
  dialog.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const pressed = target.closest<HTMLButtonElement>("[data-binds]");
    if (pressed) ask(dialog, pressed);
    if (target.closest("[data-keys-reset]")) {
      localStorage.removeItem(STORE);
      show(dialog);
    }
  });
  show(dialog);
}

/** The next key pressed is the new one; Escape leaves the old. */
function ask(dialog: HTMLElement, pressed: HTMLButtonElement): void {
  const label = pressed.querySelector("kbd");
  if (label) label.textContent = dialog.dataset.waiting ?? "";
  pressed.addEventListener("blur", () => show(dialog), { once: true });
  const listen = (event: KeyboardEvent): void => {
    if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    pressed.removeEventListener("keydown", listen);
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== "Escape" && event.key !== "Tab" && !event.ctrlKey && !event.metaKey && !event.altKey) choose(dialog, pressed, event.key);
    show(dialog);
  };
  pressed.addEventListener("keydown", listen);
}

function choose(dialog: HTMLElement, pressed: HTMLButtonElement, key: string): void {
  const id = pressed.dataset.binds ?? "";
  const rival = [...dialog.querySelectorAll<HTMLButtonElement>("[data-binds]")].find((other) => other !== pressed && clash(pressed, other) && keyOf(other.dataset.binds ?? "") === key);
  const error = dialog.querySelector<HTMLElement>("[data-key-error]");
  if (error) {
    error.hidden = !rival;
    const what = rival ? document.getElementById(`key-${rival.dataset.binds}`)?.textContent ?? "" : "";
    error.textContent = (dialog.dataset.taken ?? "").replace("{key}", key).replace("{what}", what);
  }
  if (!rival) localStorage.setItem(STORE, JSON.stringify({ ...chosen(), [id]: key }));
}

/** Two keys get in each other's way when they are waited for at the same time; a list has no verdicts. */
function clash(one: HTMLButtonElement, other: HTMLButtonElement): boolean {
  if (one.dataset.follows !== other.dataset.follows) return false;
  const pair = [one.dataset.binds, other.dataset.binds];
  return !(pair.includes("select") && pair.some((id) => id?.startsWith("act-")));
}

function show(dialog: HTMLElement): void {
  dialog.querySelectorAll<HTMLButtonElement>("[data-binds]").forEach((one) => {
    const label = one.querySelector("kbd");
    if (label) label.textContent = keyOf(one.dataset.binds ?? "");
  });
  dialog.querySelectorAll<HTMLElement>("[data-shows-key]").forEach((one) => (one.textContent = keyOf(one.dataset.showsKey ?? "")));
}

function button(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-binds="${CSS.escape(id)}"]`);
}

function chosen(): Chosen {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}") as Chosen;
  } catch {
    return {};
  }
}
