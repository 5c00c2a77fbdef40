// What htmx could not do becomes a notice with the reference id, never silence.
import { icon } from "./page";

export function startToasts(): void {
  const place = document.getElementById("toasts");
  if (!place) return;
  document.body.addEventListener("htmx:responseError", (event) => {
    const request = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    const sentence = sentenceIn(request.responseText) ?? place.dataset.failed ?? "";
    toast(place, sentence, request.getResponseHeader("X-Request-Id"));
  });
  document.body.addEventListener("htmx:sendError", () => toast(place, place.dataset.offline ?? "", null));
  document.body.addEventListener("toast", (event) => {
    const told = (event as CustomEvent<{ value?: string; tone?: string }>).detail;
    toast(place, told.value ?? "", null, told.tone ?? "good");
  });
}

/** A refusal arrives as a small part of a page; its sentence stands in the first paragraph. */
function sentenceIn(body: string): string | null {
  const part = new DOMParser().parseFromString(body, "text/html");
  return part.querySelector(".state-refused p, .state-failed p, .error-page p")?.textContent?.trim() || null;
}

function toast(place: HTMLElement, words: string, reference: string | null, tone = "danger"): void {
  const box = document.createElement("div");
  box.className = `toast-note toast-${tone}`;
  box.setAttribute("role", tone === "danger" ? "alert" : "status");
  const text = document.createElement("span");
  text.textContent = words;
  box.append(icon(tone === "danger" ? "alert-octagon" : "circle-check"), text);
  if (reference) {
    const code = document.createElement("code");
    code.textContent = `${place.dataset.reference} ${reference.slice(0, 12)}`;
    box.append(code);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button";
  close.setAttribute("aria-label", place.dataset.close ?? "");
  close.append(icon("x"));
  close.addEventListener("click", () => box.remove());
  box.append(close);
  place.append(box);
  if (tone !== "danger") setTimeout(() => box.remove(), 6000);
}
