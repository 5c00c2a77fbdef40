// Draws a sheet as an ARIA grid and shows what the server's lint found, each finding in its cell.
import { icon } from "./page";
import type { Column, Sheet } from "./grid_sheet";

export interface Finding {
  severity: "error" | "warning" | "info";
  row: number | null;
  column: string;
  sentence: string;
  example: string;
}

export interface Words {
  [key: string]: string;
}

export class View {
  private table: HTMLTableElement | null = null;

  constructor(
    private readonly sheet: Sheet,
    private readonly box: HTMLElement,
    private readonly words: Words,
    private readonly isEnglish: boolean,
  ) {}

  /** Everything anew: rows or columns came, went or moved. */
  draw(): void {
    const table = make("table", { role: "grid", "aria-label": this.words.label, class: "sheet" });
    table.setAttribute("aria-rowcount", String(this.sheet.cells.length + 1));
    table.setAttribute("aria-colcount", String(this.sheet.width + 1));
    table.setAttribute("aria-multiselectable", "true");
    const head = table.createTHead();
    head.append(this.headRow());
    const body = table.createTBody();
    this.sheet.cells.forEach((_, row) => body.append(this.bodyRow(row)));
    const [top, left] = [this.box.scrollTop, this.box.scrollLeft];
    this.box.replaceChildren(table);
    [this.box.scrollTop, this.box.scrollLeft] = [top, left];
    this.table = table;
    this.mark();
  }

  /** The texts of all cells: something was pasted, cleared or undone. */
  refresh(): void {
    if (!this.table || this.table.tBodies[0].rows.length !== this.sheet.cells.length || this.table.rows[0].cells.length !== this.sheet.width + 1) return this.draw();
    this.sheet.cells.forEach((cells, row) => cells.forEach((text, column) => fill(this.cell(row, column), text)));
    this.mark();
  }

  cell(row: number, column: number): HTMLTableCellElement {
    return this.table!.tBodies[0].rows[row].cells[column + 1];
  }

  place(target: EventTarget | null): { row: number; column: number } | null {
    const cell = (target as HTMLElement | null)?.closest?.<HTMLTableCellElement>("td[role=gridcell]");
    const line = cell?.parentElement as HTMLTableRowElement | undefined;
    return cell && line ? { row: line.sectionRowIndex, column: cell.cellIndex - 1 } : null;
  }

  /** Which cells are chosen, and which one answers the keyboard. */
  mark(): void {
    const { top, left, bottom, right } = this.sheet.block;
    for (const line of this.table?.tBodies[0].rows ?? []) {
      for (const cell of [...line.cells].slice(1)) {
        const [row, column] = [line.sectionRowIndex, cell.cellIndex - 1];
        const isChosen = row >= top && row <= bottom && column >= left && column <= right;
        cell.setAttribute("aria-selected", String(isChosen));
        cell.tabIndex = row === this.sheet.row && column === this.sheet.column ? 0 : -1;
      }
    }
  }

  focus(): void {
    const cell = this.cell(this.sheet.row, this.sheet.column);
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Each finding where it belongs; what concerns a whole row stands at its number, what concerns a column in its head. */
  show(findings: Finding[]): void {
    this.table?.querySelectorAll("[data-finding]").forEach((cell) => {
      cell.removeAttribute("data-finding");
      cell.removeAttribute("aria-invalid");
      cell.removeAttribute("title");
    });
    for (const finding of [...findings].reverse()) {
      const cell = this.cellOf(finding);
      if (!cell) continue;
      cell.dataset.finding = finding.severity;
      if (finding.severity === "error") cell.setAttribute("aria-invalid", "true");
      cell.title = finding.sentence;
    }
  }

  cellOf(finding: Finding): HTMLElement | null {
    const row = finding.row ? this.table?.tBodies[0].rows[finding.row - 1] : this.table?.tHead?.rows[0];
    const column = this.sheet.columns.findIndex((one) => one.name === finding.column);
    return row?.cells[column + 1] ?? null;
  }

  private headRow(): HTMLTableRowElement {
    const line = make("tr", { role: "row", "aria-rowindex": "1" });
    line.append(make("th", { role: "columnheader", class: "sheet-number", scope: "col", "aria-label": this.words.row }));
    this.sheet.columns.forEach((column, at) => line.append(this.head(column, at)));
    line.append(text(make("th", { role: "columnheader", scope: "col", class: "sheet-note" }), this.words.note));
    return line;
  }

  private head(column: Column, at: number): HTMLElement {
    const cell = make("th", { role: "columnheader", scope: "col", class: `is-${this.sheet.kindOf(at)}` });
    const title = this.isEnglish ? column.english || column.title : column.title;
    cell.append(text(make("span", { class: "sheet-title" }), title || column.name), text(make("code", {}), column.name));
    const kind = [this.words[`type_${column.type}`] ?? column.type, this.words[`unit_${column.unit}`] ?? column.unit].filter(Boolean).join(" · ");
    cell.append(text(make("small", {}), column.values.length ? column.values.join(" ") : kind));
    if (this.sheet.kindOf(at) === "input" && this.sheet.inputs.length > 1) {
      const label = this.words.remove.replace("{column}", title || column.name);
      const button = make("button", { type: "button", class: "icon-button", "data-remove": String(at), "aria-label": label, title: label });
      button.append(icon("x"));
      cell.append(button);
    }
    return cell;
  }

  private bodyRow(row: number): HTMLTableRowElement {
    const line = make("tr", { role: "row", "aria-rowindex": String(row + 2) });
    line.append(text(make("th", { role: "rowheader", scope: "row", class: "sheet-number" }), String(row + 1)));
    this.sheet.cells[row].forEach((content, column) => {
      const cell = make("td", { role: "gridcell", "aria-colindex": String(column + 2), class: `is-${this.sheet.kindOf(column)}` });
      fill(cell, content);
      line.append(cell);
    });
    return line;
  }
}

function fill(cell: HTMLElement, content: string): void {
  cell.textContent = content;
  cell.classList.toggle("is-any", content === "-");
}

export function make<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, string>): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export function text<T extends HTMLElement>(element: T, content: string): T {
  element.textContent = content;
  return element;
}
