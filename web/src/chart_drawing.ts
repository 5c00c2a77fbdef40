// Charts from the small description that chezhe.ui.charts writes as JSON; themed by the page's own css variables.
import * as echarts from "echarts/core";

import { optionsFor, type Description } from "./chart_options";

const drawn = new Map<HTMLElement, () => void>();

window.drawChart = (place: HTMLElement): void => {
  const source = document.getElementById(place.dataset.chart ?? "");
  if (!source?.textContent) return;
  place.style.height = `${place.dataset.height ?? 260}px`;
  const description = numbered(JSON.parse(source.textContent) as Description);
  const chart = echarts.init(place, null, { renderer: "svg" });
  const draw = (): void => chart.setOption(optionsFor(description, paletteOf(place), { width: chart.getWidth(), height: chart.getHeight() }), true);
  drawn.set(place, draw);
  chart.on("click", (hit) => {
    const url = (hit.data as { url?: string } | null)?.url;
    if (url?.startsWith("/")) location.assign(url);
  });
  draw();
  new ResizeObserver(() => {
    chart.resize();
    if (description.kind === "graph") draw();
  }).observe(place);
};

/** Fractions arrive as text: the books never pass through a float, a picture may. */
function numbered(d: Description): Description {
  const number = (v: unknown): number | null => (v === null || v === undefined ? null : Number(v));
  d.series.forEach((s) => (s.values = s.values.map(number)));
  d.cells = d.cells?.map(([x, y, v]) => [x, y, number(v)]);
  d.limit = number(d.limit);
  d.warning = number(d.warning);
  return d;
}

document.addEventListener("theme", () => drawn.forEach((draw) => draw()));

/** Colours and the font, as the page has them at this place. */
function paletteOf(place: HTMLElement): Record<string, string> {
  const style = getComputedStyle(place);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const colours: Record<string, string> = { ink: read("--ink"), faint: read("--ink-2"), line: read("--line"), paper: read("--paper") };
  colours.font = style.fontFamily; // by name: text is measured on a canvas, which knows no "inherit"
  for (let i = 1; i <= 6; i++) colours[`c${i}`] = read(`--chart-${i}`);
  for (const tone of ["good", "warning", "danger", "info"]) colours[tone] = read(`--tone-${tone}`);
  return colours;
}
