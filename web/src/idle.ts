// Whoever wants it: a minute without a key or a pointer, and what the page shows is blurred until somebody is back.
import { onEvery, remember } from "./page";

const AFTER_MS = 60_000;

export function startIdle(): void {
  const main = document.getElementById("main");
  if (!main) return;
  let waiting = 0;
  const isWanted = (): boolean => document.cookie.split("; ").includes("blur=on");
  const back = (): void => {
    clearTimeout(waiting);
    main.classList.remove("is-blurred");
    if (isWanted()) waiting = window.setTimeout(() => main.classList.add("is-blurred"), AFTER_MS);
  };
  for (const sign of ["keydown", "pointermove", "pointerdown", "wheel", "touchstart"]) addEventListener(sign, back, { passive: true });
  onEvery<HTMLInputElement>("[data-blur-switch]", (box) => {
    box.checked = isWanted();
    box.addEventListener("change", () => {
      remember("blur", box.checked ? "on" : "off");
      back();
    });
  });
  back();
}
