// From our description of a chart to ECharts' options. Zero-based bars, units in the tooltip, no 3-D, no pies.
export interface Series {
  name: string;
  values: (number | null)[];
  kind?: "line" | "bar";
  tone?: string;
}

export interface Description {
  kind: "line" | "area" | "bar" | "stacked" | "stacked_area" | "rows" | "heatmap" | "bullet" | "gauge" | "funnel" | "graph" | "waterfall";
  title: string;
  measure: "money" | "rate" | "count" | "index";
  unit: string;
  categories: string[];
  series: Series[];
  rows?: string[];
  cells?: [number, number, number | null][];
  nodes?: { id: string; name: string; group: string; url?: string; level?: number | null; tone?: string }[];
  links?: { source: string; target: string; label: string }[];
  limit?: number | null;
  limit_label?: string;
  warning?: number | null;
  warning_label?: string;
  wan: string;
}

type Colours = Record<string, string>;
type Options = Record<string, unknown>;
/** The size of the picture in pixels. */
export interface Box { width: number; height: number }

/** Fen, fractions and counts as people read them. */
function reader(d: Description): { full: (v: number | null) => string; short: (v: number) => string } {
  const grouped = (v: number, places: number): string =>
    v.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  const signed = (v: number, write: (size: number) => string): string => `${v < 0 ? "−" : ""}${write(Math.abs(v))}`;
  if (d.measure === "money") {
    return {
      full: (v) => (v === null ? "—" : `${v < 0 ? "−" : ""}¥${grouped(Math.abs(v) / 100, 2)}`),
      short: (v) => signed(v, (size) => (size >= 1_000_000 ? `${grouped(size / 1_000_000, size < 10_000_000 ? 1 : 0)}${d.wan}` : grouped(size / 100, 0))),
    };
  }
  if (d.measure === "rate") {
    return { full: (v) => (v === null ? "—" : `${grouped(v * 100, 2)}%`), short: (v) => `${grouped(v * 100, Number.isInteger(v * 100) ? 0 : 1)}%` };
  }
  if (d.measure === "index") {
    return { full: (v) => (v === null ? "—" : signed(v, (size) => grouped(size, 3))), short: (v) => signed(v, (size) => grouped(size, size < 10 ? 2 : 0)) };
  }
  return { full: (v) => (v === null ? "—" : `${grouped(v, 0)}${d.unit}`), short: (v) => grouped(v, 0) };
}

export function optionsFor(d: Description, c: Colours, box: Box): Options {
  const read = reader(d);
  const base: Options = {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 250,
    color: [c.c1, c.c2, c.c3, c.c4, c.c5, c.c6],
    textStyle: { fontFamily: c.font, color: c.faint },
    aria: { enabled: true, label: { description: d.title } },
    tooltip: {
      trigger: d.kind === "heatmap" || d.kind === "graph" || d.kind === "funnel" ? "item" : "axis",
      backgroundColor: c.paper, borderColor: c.line, textStyle: { color: c.ink, fontSize: 12 }, confine: true,
      valueFormatter: (v: unknown) => read.full(typeof v === "number" ? v : null),
      axisPointer: { type: d.kind === "line" || d.kind === "area" ? "line" : "shadow" },
    },
  };
  if (d.kind === "gauge") return { ...base, ...gauge(d, c, read.full) };
  if (d.kind === "funnel") return { ...base, ...funnel(d, c, read.full) };
  if (d.kind === "graph") return { ...base, ...graph(d, c, box) };
  if (d.kind === "heatmap") return { ...base, ...heatmap(d, c, read.full) };
  return { ...base, ...axes(d, c, read.short, box), series: d.kind === "waterfall" ? waterfall(d, c, read.short) : plain(d, c) };
}

function axes(d: Description, c: Colours, short: (v: number) => string, box: Box): Options {
  const lies = d.kind === "rows" || d.kind === "bullet";
  const names = { type: "category", data: d.categories, axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false }, axisLabel: { color: c.faint, hideOverlap: true }, inverse: lies };
  const values = { type: "value", max: highest(d), minInterval: d.measure === "money" ? 100 : d.measure === "count" ? 1 : 0, splitNumber: lies && box.width < 420 ? 3 : 5, axisLabel: { color: c.faint, formatter: short, hideOverlap: true }, splitLine: { lineStyle: { color: c.line } } };
  const hasLegend = d.kind !== "waterfall" && (d.series.length > 1 || isNumber(d.warning));
  return {
    grid: { left: 8, right: isTold(d) ? 52 : 20, top: hasLegend ? (box.width < 420 && d.series.length > 1 && isNumber(d.warning) ? 60 : 36) : 16, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { show: hasLegend, top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: c.faint } },
    xAxis: lies ? values : names,
    yAxis: lies ? names : values,
  };
}

function plain(d: Description, c: Colours): Options[] {
  const stacks = d.kind === "stacked" || d.kind === "stacked_area";
  const isLines = d.kind === "line" || d.kind === "area" || d.kind === "stacked_area";
  const list: Options[] = d.series.map((s, i) => {
    const isLine = (s.kind ?? (isLines ? "line" : "bar")) === "line";
    return {
      name: s.name, data: s.values, type: isLine ? "line" : "bar", stack: stacks ? "all" : undefined,
      itemStyle: { ...(s.tone ? { color: c[s.tone] } : {}), borderRadius: isLine || stacks ? 0 : 2, ...(d.kind === "bullet" && i === 1 ? { color: "transparent", borderColor: c.ink, borderWidth: 1 } : {}) },
      barMaxWidth: 28, barGap: d.kind === "bullet" ? "-100%" : "20%", z: d.kind === "bullet" ? 3 - i : 2,
      symbol: isLine ? ["circle", "rect", "triangle", "diamond"][i % 4] : undefined, symbolSize: 6, showSymbol: s.values.length <= 13,
      areaStyle: d.kind === "area" || d.kind === "stacked_area" ? { opacity: stacks ? 0.55 : 0.15 } : undefined,
      lineStyle: { width: 2, type: i > 3 ? "dashed" : "solid" },
    };
  });
  if (isTold(d)) {
    const full = reader(d).full;
    list[0].label = { show: true, fontSize: 11, formatter: (p: { value: number | null }) => full(p.value) };
    list[0].data = d.series[0].values.map((value) => ({ value, label: (value ?? 0) > far(d) ? { position: "insideRight", color: c.paper } : { position: "right", color: c.faint } }));
  }
  const lines = limits(d, c);
  if (lines.length === 1 && list.length) list[0].markLine = lines[0].markLine;
  return lines.length > 1 ? [...list, ...lines] : list;
}

const isNumber = (v: number | null | undefined): v is number => v !== null && v !== undefined;

/** Lines across the picture. One is named beside itself; two may lie close together, so that the legend names them. */
function limits(d: Description, c: Colours): Options[] {
  const lies = d.kind === "rows" || d.kind === "bullet";
  const both = [{ at: d.warning, name: d.warning_label ?? "", colour: c.warning }, { at: d.limit, name: d.limit_label ?? "", colour: c.danger }];
  const told = both.filter((one) => isNumber(one.at));
  return told.map(({ at, name, colour }) => ({
    name, type: "line", data: [], symbol: "none", itemStyle: { color: colour }, tooltip: { show: false },
    markLine: {
      silent: true, symbol: "none", lineStyle: { color: colour, type: "dashed", width: 1.5 }, data: [{ [lies ? "xAxis" : "yAxis"]: at }],
      label: { show: told.length === 1, formatter: name, color: colour, position: "insideEndTop" },
    },
  }));
}

/** Bars of an index say their figure: what is far beyond the limit ends at the edge, so that the others can be told apart. */
function isTold(d: Description): boolean {
  return d.measure === "index" && d.kind === "rows" && d.series.length === 1;
}

function far(d: Description): number {
  return 4 * (d.limit ?? Infinity);
}

/** An index is read against its limits, so that they are in the picture when it is far below them, too. */
function highest(d: Description): ((range: { max: number }) => number | null) | undefined {
  const limit = Math.max(d.limit ?? 0, d.warning ?? 0);
  if (d.measure !== "index" || !limit) return undefined;
  const step = 10 ** Math.floor(Math.log10(limit)) / 2;
  return (range) => {
    if (isTold(d) && range.max > far(d)) return far(d);
    return range.max > limit ? null : Math.ceil((limit * 1.1) / step) * step;
  };
}

function waterfall(d: Description, c: Colours, short: (v: number) => string): Options[] {
  let sum = 0;
  const hidden: number[] = [];
  const shown = (d.series[0]?.values ?? []).map((value, i, all) => {
    const v = value ?? 0;
    const isTotal = i === 0 || i === all.length - 1;
    hidden.push(isTotal ? 0 : Math.min(sum, sum + v));
    if (!isTotal || i === 0) sum += v;
    return { value: Math.abs(v), itemStyle: { color: isTotal ? c.c1 : v < 0 ? c.danger : c.good }, label: { show: true, position: "top", color: c.ink, formatter: () => (isTotal || v < 0 ? "" : "+") + short(v) } };
  });
  return [
    { type: "bar", stack: "all", data: hidden, itemStyle: { color: "transparent" }, tooltip: { show: false }, silent: true },
    { name: d.series[0]?.name ?? "", type: "bar", stack: "all", data: shown, barMaxWidth: 36 },
  ];
}

function heatmap(d: Description, c: Colours, full: (v: number | null) => string): Options {
  const values = (d.cells ?? []).map((cell) => cell[2] ?? 0);
  return {
    grid: { left: 8, right: 12, top: 8, bottom: 44, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "category", data: d.categories, splitArea: { show: false }, axisLabel: { color: c.faint }, axisTick: { show: false }, axisLine: { show: false } },
    yAxis: { type: "category", data: d.rows ?? [], inverse: true, axisLabel: { color: c.faint }, axisTick: { show: false }, axisLine: { show: false } },
    visualMap: { min: Math.min(0, ...values), max: Math.max(...values, 0.0001), calculable: false, orient: "horizontal", left: 0, bottom: 0, itemHeight: 90, itemWidth: 10, textStyle: { color: c.faint }, inRange: { color: [c.paper, c.c1] }, formatter: full },
    series: [{ type: "heatmap", data: d.cells ?? [], itemStyle: { borderColor: c.paper, borderWidth: 2 }, label: { show: true, fontSize: 11, formatter: (p: { value: [number, number, number | null] }) => full(p.value[2]) } }],
  };
}

function gauge(d: Description, c: Colours, full: (v: number | null) => string): Options {
  const value = d.series[0]?.values[0] ?? 0;
  const most = Math.max(d.limit ?? 0, value, d.measure === "rate" ? 1 : 0) || 1;
  const edge = d.limit ? Math.min(d.limit / most, 1) : 1;
  const isOver = d.limit !== null && d.limit !== undefined && value > d.limit;
  return {
    tooltip: { show: false },
    series: [{
      type: "gauge", startAngle: 190, endAngle: -10, min: 0, max: most, radius: "100%", center: ["50%", "68%"],
      axisLine: { lineStyle: { width: 14, color: [[edge, c.c1], [1, c.danger]] } },
      pointer: { length: "58%", width: 4, itemStyle: { color: isOver ? c.danger : c.ink } }, anchor: { show: true, size: 8, itemStyle: { color: c.ink } },
      axisTick: { show: false }, splitLine: { show: false }, axisLabel: { show: false },
      detail: { formatter: () => full(value), fontSize: 20, fontWeight: 600, color: isOver ? c.danger : c.ink, offsetCenter: [0, "28%"] }, data: [{ value }],
    }],
  };
}

function funnel(d: Description, c: Colours, full: (v: number | null) => string): Options {
  const values = d.series[0]?.values ?? [];
  return {
    series: [{
      type: "funnel", sort: "none", left: 8, right: 8, top: 8, bottom: 8, minSize: "24%", gap: 2,
      label: { position: "inside", color: "#fff", formatter: (p: { name: string; value: number }) => `${p.name} ${full(p.value)}` },
      itemStyle: { borderWidth: 0, color: c.c1 },
      data: d.categories.map((name, i) => ({ name, value: values[i] ?? 0, itemStyle: { opacity: 1 - i * 0.12 } })),
    }],
  };
}

type Place = { x: number; y: number };

/** Our own places, in one circle or in circles by level: with its force layout ECharts 6.1 fails on the first frame, before any point has one. */
function places(nodes: NonNullable<Description["nodes"]>): Place[] {
  const levels = new Map<number, number[]>();
  nodes.forEach((n, i) => levels.set(n.level ?? -1, [...(levels.get(n.level ?? -1) ?? []), i]));
  const found: Place[] = [];
  for (const [level, members] of levels) {
    const reach = level < 0 ? 1 : level * 0.8;
    members.forEach((i, at) => {
      const angle = 0.5 + level * 0.7 + (at * 2 * Math.PI) / members.length;
      found[i] = { x: Math.cos(angle) * 160 * reach, y: Math.sin(angle) * 90 * reach };
    });
  }
  return found;
}

/** Stretched to the box: were the box to stretch them, it would stretch their symbols, too. */
function fitted(found: Place[], width: number, height: number): Place[] {
  const spread = (values: number[], size: number): ((v: number) => number) => {
    const low = Math.min(...values), range = Math.max(...values) - low;
    return (v) => (range > 1 ? ((v - low) / range) * size : size / 2);
  };
  const x = spread(found.map((p) => p.x), width), y = spread(found.map((p) => p.y), height);
  return found.map((p) => ({ x: x(p.x), y: y(p.y) }));
}

function graph(d: Description, c: Colours, box: Box): Options {
  const nodes = d.nodes ?? [];
  const groups = [...new Set(nodes.map((n) => n.group))];
  const side = box.width < 500 ? 48 : 80, top = box.width < 500 ? 88 : 64, bottom = 36;
  const place = fitted(places(nodes), Math.max(box.width - 2 * side, 80), Math.max(box.height - top - bottom, 80));
  const isCrowded = nodes.length > 40;
  const tone = (group: string): string => nodes.find((n) => n.group === group)?.tone ?? "";
  const legend = groups.map((name) => ({ name, icon: nodes.some((n) => n.group === name && n.url) || !nodes.some((n) => n.url) ? "circle" : "roundRect" }));
  return {
    legend: { data: legend, top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: c.faint } },
    series: [{
      type: "graph", layout: "none", roam: true, draggable: true, top, bottom, left: side, right: side,
      categories: groups.map((name) => ({ name, ...(tone(name) ? { itemStyle: { color: c[tone(name)] } } : {}) })), symbolSize: isCrowded ? 12 : 22,
      label: { show: true, position: "bottom", color: c.ink, fontSize: isCrowded ? 10 : 12 }, labelLayout: { hideOverlap: true },
      edgeLabel: { show: !isCrowded, fontSize: 10, color: c.faint, formatter: (p: { data: { label: string } }) => p.data.label },
      data: nodes.map((n, i) => ({ id: n.id, name: n.name, category: groups.indexOf(n.group), url: n.url, cursor: n.url ? "pointer" : "default", symbol: n.url || !nodes.some((one) => one.url) ? "circle" : "roundRect", ...place[i] })),
      links: (d.links ?? []).map((l) => ({ source: l.source, target: l.target, label: l.label })), lineStyle: { color: c.faint },
    }],
  };
}
