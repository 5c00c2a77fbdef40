// The frame: theme switch, drawer on the phone, folding rail, remembered groups, offline banner.
import { onEvery, remember } from "./page";

export function startShell(): void {
  switchTheme();
  drawers();
  foldRail();
  rememberGroups();
  watchConnection();
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    if (target.closest("[data-print]")) window.print();
    if (target.closest("[data-back]")) history.length > 1 ? history.back() : location.assign("/");
  });
}

function switchTheme(): void {
  const page = document.documentElement;
  onEvery<HTMLButtonElement>("[data-theme-switch]", (button) => {
    button.addEventListener("click", () => {
      const next = page.dataset.bsTheme === "dark" ? "light" : "dark";
      page.dataset.bsTheme = next;
      page.dataset.themeChoice = next;
      remember("theme", next);
      document.dispatchEvent(new CustomEvent("theme"));
    });
  });
}

function drawers(): void {
  const rail = document.getElementById("rail");
  const shade = document.querySelector<HTMLElement>("[data-drawer-close=rail]");
  const opener = document.querySelector<HTMLButtonElement>("[data-drawer=rail]");
  if (!rail || !shade || !opener) return;
  const show = (open: boolean): void => {
    rail.classList.toggle("is-open", open);
    shade.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) rail.querySelector<HTMLElement>("a, summary")?.focus();
    else opener.focus();
  };
  opener.addEventListener("click", () => show(!rail.classList.contains("is-open")));
  shade.addEventListener("click", () => show(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && rail.classList.contains("is-open")) show(false);
  });
}

function foldRail(): void {
  document.querySelector("[data-rail-fold]")?.addEventListener("click", () => {
    const narrow = document.body.classList.toggle("rail-narrow");
    remember("rail", narrow ? "narrow" : "wide");
  });
  document.querySelectorAll<HTMLDetailsElement>(".rail-group").forEach((group) => {
    group.querySelector("summary")?.addEventListener("click", (event) => {
      if (!document.body.classList.contains("rail-narrow")) return;
      event.preventDefault();
      document.body.classList.remove("rail-narrow");
      remember("rail", "wide");
      group.open = true;
    });
  });
}

function rememberGroups(): void {
  document.querySelectorAll<HTMLDetailsElement>("details[data-remember]").forEach((group) => {
    const key = group.dataset.remember ?? "";
    const kept = sessionStorage.getItem(key);
    if (kept && !group.querySelector("[aria-current]")) group.open = kept === "open";
    group.addEventListener("toggle", () => sessionStorage.setItem(key, group.open ? "open" : "shut"));
  });
}

function watchConnection(): void {
  const banner = document.getElementById("offline");
  if (!banner) return;
  const show = (): void => void (banner.hidden = navigator.onLine);
  addEventListener("online", show);
  addEventListener("offline", show);
}
