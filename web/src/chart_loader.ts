// ECharts is heavy: it is fetched only where a chart stands.
import { onEvery } from "./page";

let loading: Promise<void> | null = null;

export function startCharts(): void {
  onEvery<HTMLElement>("[data-chart]", (place) => {
    load().then(
      () => window.drawChart?.(place),
      // Without the picture the table still says everything.
      () => place.closest("figure")?.classList.add("shows-table"),
    );
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-chart-twin]");
    const figure = button?.closest("figure");
    if (!button || !figure) return;
    const showsTable = figure.classList.toggle("shows-table");
    button.setAttribute("aria-pressed", String(showsTable));
  });
}

function load(): Promise<void> {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.charts ?? "";
    script.onload = () => done();
    script.onerror = () => {
      loading = null;
      failed(new Error("charts"));
    };
    document.head.append(script);
  });
  return loading;
}

declare global {
  interface Window {
    drawChart?: (place: HTMLElement) => void;
  }
}
