// Lists: rows are selected and added up, columns arranged, the density and the folded filters remembered.
import { onEvery, remember } from "./page";

export function startLists(): void {
  onEvery<HTMLElement>("[data-list]", dress);
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-density]");
    if (button) setDensity(button);
  });
}

/** `x` on the current row. */
export function selectCurrent(): boolean {
  const box = document.querySelector<HTMLInputElement>("[data-current] [data-select]");
  box?.click();
  return box !== null;
}

function setDensity(button: HTMLElement): void {
  const density = button.dataset.density ?? "normal";
  remember("density", density);
  document.querySelectorAll<HTMLElement>("[data-density]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  document.querySelectorAll<HTMLElement>("[data-list]").forEach((list) => {
    list.classList.remove("density-compact", "density-normal", "density-roomy");
    list.classList.add(`density-${density}`);
    pin(list);
  });
}

function dress(list: HTMLElement): void {
  pin(list);
  const bar = list.querySelector<HTMLElement>("[data-selection]");
  if (!bar) return;
  const boxes = [...list.querySelectorAll<HTMLInputElement>("[data-select]")];
  const page = list.querySelector<HTMLInputElement>("[data-select-page]");
  const all = bar.querySelector<HTMLInputElement>("[data-select-all]");
  const show = (): void => {
    const chosen = boxes.filter((box) => box.checked);
    for (const box of boxes) box.closest("tr")?.toggleAttribute("data-selected", box.checked);
    if (page) {
      page.checked = chosen.length === boxes.length;
      page.indeterminate = chosen.length > 0 && !page.checked;
    }
    if (all && chosen.length < boxes.length) all.checked = false;
    bar.hidden = chosen.length === 0;
    say(list, bar, chosen, all?.checked ? Number(all.dataset.total) : 0);
  };
  list.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box === page) boxes.forEach((one) => (one.checked = box.checked));
    if (box === all && box.checked) boxes.forEach((one) => (one.checked = true));
    if (box === page || box === all || box.matches("[data-select]")) show();
  });
  bar.querySelector("[data-select-none]")?.addEventListener("click", () => {
    boxes.forEach((one) => (one.checked = false));
    show();
  });
  bar.querySelector<HTMLAnchorElement>("[data-export-selected]")?.addEventListener("click", (event) => {
    const link = event.currentTarget as HTMLAnchorElement;
    link.dataset.whole ??= link.href;
    const keys = boxes.filter((box) => box.checked).map((box) => box.value);
    link.href = all?.checked ? link.dataset.whole : `${link.dataset.whole}&rows=${keys.join(",")}`;
  });
}

/** How many, and the sum of every summed column; of "all that were found" the foot of the table has the sums already. */
function say(list: HTMLElement, bar: HTMLElement, chosen: HTMLInputElement[], everything: number): void {
  const count = bar.querySelector<HTMLElement>("[data-selection-count]");
  if (count) count.textContent = (count.dataset.words ?? "{n}").replace("{n}", String(everything || chosen.length));
  const foot = list.querySelector<HTMLTableRowElement>("[data-selected-sums]");
  const sums = bar.querySelector<HTMLElement>("[data-selection-sums]");
  if (foot) foot.hidden = chosen.length === 0 || everything > 0;
  const said: string[] = [];
  const offset = foot?.querySelector(".select-cell") ? 1 : 0;
  foot?.querySelectorAll<HTMLTableCellElement>("[data-sum-of]").forEach((cell) => {
    const place = Number(cell.dataset.sumOf) + offset;
    const total = chosen.reduce((sum, box) => sum + BigInt(box.closest("tr")?.cells[place]?.dataset.tally ?? 0), 0n);
    cell.textContent = cell.dataset.kind === "money" ? yuan(total) : grouped(total);
    said.push(`${list.querySelectorAll("thead th")[place]?.textContent?.trim() ?? ""} ${cell.textContent}`);
  });
  if (sums) sums.textContent = everything ? "" : said.join(" · ");
}

const grouped = (whole: bigint): string => String(whole).replace(/\B(?=(\d{3})+$)/g, ",");

/** Whole fen as the server writes them. */
function yuan(fen: bigint): string {
  const size = fen < 0n ? -fen : fen;
  return `${fen < 0n ? "\u2212" : ""}¥${grouped(size / 100n)}.${String(size % 100n).padStart(2, "0")}`;
}

/** Pinned columns keep their place while the others scroll: each stands right of the pinned ones before it. */
function pin(list: HTMLElement): void {
  const heads = [...list.querySelectorAll<HTMLTableCellElement>("thead th.is-pinned")];
  if (!heads.length) return;
  const select = list.querySelector<HTMLElement>("thead .select-cell");
  let left = select?.offsetWidth ?? 0;
  for (const head of heads) {
    const place = head.cellIndex;
    list.querySelectorAll<HTMLTableRowElement>("tr").forEach((row) => row.cells[place]?.style.setProperty("left", `${left}px`));
    left += head.offsetWidth;
  }
  list.querySelectorAll("table.data").forEach((table) => table.classList.add("has-pinned"));
}

