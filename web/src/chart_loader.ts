// ECharts is heavy: it is fetched only where a chart stands.
import { onEvery } from "./page";

const loading = new Map<string, Promise<void>>();
const RARE = ["heatmap", "graph"];

export function startCharts(): void {
  onEvery<HTMLElement>("[data-chart]", (place) => {
    load(bundleFor(place)).then(
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

/** The bundle that can draw this chart, or the larger one when the page has it already. */
function bundleFor(place: HTMLElement): string {
  const { charts = "", chartsAll = "" } = document.body.dataset;
  const isRare = (one: HTMLElement): boolean => RARE.includes(one.dataset.kind ?? "");
  const needsAll = isRare(place) || [...document.querySelectorAll<HTMLElement>("[data-kind]")].some(isRare);
  return needsAll || loading.has(chartsAll) ? chartsAll : charts;
}

function load(bundle: string): Promise<void> {
  const standing = loading.get(bundle);
  if (standing) return standing;
  const begun = new Promise<void>((done, failed) => {
    const script = document.createElement("script");
    script.src = bundle;
    script.onload = () => done();
    script.onerror = () => {
      loading.delete(bundle);
      failed(new Error("charts"));
    };
    document.head.append(script);
  });
  loading.set(bundle, begun);
  return begun;
}

declare global {
  interface Window {
    drawChart?: (place: HTMLElement) => void;
  }
}
