// Drop zones: choose or drop, see what was chosen, watch it go up. The server judges the content.
import { announce, icon, onEvery } from "./page";

export function startUploads(): void {
  onEvery<HTMLElement>("[data-dropzone]", dress);
}

function dress(zone: HTMLElement): void {
  const input = zone.querySelector<HTMLInputElement>("input[type=file]");
  const list = zone.querySelector<HTMLElement>("[data-chosen-files]");
  if (!input || !list) return;
  const over = (on: boolean) => (event: DragEvent) => {
    event.preventDefault();
    zone.classList.toggle("is-over", on);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => show(zone, input, list));
  watchProgress(zone);
}

function show(zone: HTMLElement, input: HTMLInputElement, list: HTMLElement): void {
  const limit = Number(zone.dataset.bytesMax ?? 0);
  list.replaceChildren(
    ...[...(input.files ?? [])].map((file) => {
      const line = document.createElement("li");
      const tooBig = limit > 0 && file.size > limit;
      line.append(preview(file));
      const words = document.createElement("span");
      words.textContent = file.name;
      const size = document.createElement("small");
      size.textContent = tooBig ? (zone.dataset.tooBig ?? "") : `${(file.size / 1024).toFixed(0)} KB`;
      if (tooBig) line.className = "field-error";
      line.append(words, size);
      return line;
    }),
  );
  input.setCustomValidity([...(input.files ?? [])].some((f) => limit > 0 && f.size > limit) ? (zone.dataset.tooBig ?? "x") : "");
  announce([...(input.files ?? [])].map((f) => f.name).join("、"));
}

function preview(file: File): Element {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return icon("file-text");
  const picture = document.createElement("img");
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  return picture;
}

function watchProgress(zone: HTMLElement): void {
  const bar = zone.querySelector<HTMLProgressElement>("progress");
  const form = zone.closest("form");
  if (!bar || !form) return;
  form.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total } = (event as CustomEvent<{ loaded: number; total: number }>).detail;
    bar.hidden = false;
    bar.value = total ? (loaded / total) * 100 : 0;
  });
  form.addEventListener("htmx:afterRequest", () => (bar.hidden = true));
}
