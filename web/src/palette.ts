// Ctrl/⌘+K: search from anywhere; arrows choose among the links that the server sends, Enter opens.
export function startPalette(): void {
  const palette = document.getElementById("palette");
  if (!(palette instanceof HTMLDialogElement)) return;
  const input = palette.querySelector<HTMLInputElement>("input[type=search]");
  const results = document.getElementById("palette-results");
  if (!input || !results) return;
  let chosen = -1;
  const links = (): HTMLElement[] => [...results.querySelectorAll<HTMLElement>("a, button")];
  const choose = (index: number): void => {
    const list = links();
    list.forEach((link) => link.removeAttribute("data-chosen"));
    if (!list.length) return;
    chosen = (index + list.length) % list.length;
    list[chosen].setAttribute("data-chosen", "");
    list[chosen].scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!palette.open) palette.showModal();
      input.focus();
      input.select();
    }
  });
  results.addEventListener("htmx:afterSwap", () => choose(0));
  palette.querySelector("form")?.addEventListener("submit", (event) => {
    // The form's own address would carry the name of a person; results come by POST as one types.
    event.preventDefault();
    const list = links();
    if (list.length) list[Math.max(chosen, 0)].click();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
}
