// A decision table as a sheet: cells, a selected block, and everything that can be done and undone. Knows nothing of the page.

export interface Column {
  name: string;
  type: string;
  title: string;
  english?: string;
  unit: string;
  values: string[];
}

export interface Table {
  name: string;
  hit_policy: string;
  inputs: Column[];
  outputs: Column[];
  rules: { when: string[]; then: string[]; note?: string }[];
}

export interface Block {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

interface State {
  hitPolicy: string;
  inputs: Column[];
  cells: string[][];
  row: number;
  column: number;
}

const UNDO_MAX = 200;
const ANY = "-";

export class Sheet {
  row = 0;
  column = 0;
  anchorRow = 0;
  anchorColumn = 0;
  hitPolicy: string;
  inputs: Column[];
  cells: string[][];
  private readonly outputs: Column[];
  private readonly name: string;
  private past: State[] = [];
  private future: State[] = [];

  constructor(table: Table) {
    this.name = table.name;
    this.hitPolicy = table.hit_policy;
    this.inputs = table.inputs;
    this.outputs = table.outputs;
    this.cells = table.rules.map((rule) => [...rule.when, ...rule.then, rule.note ?? ""]);
    if (!this.cells.length) this.cells.push(this.blank());
  }

  get columns(): Column[] {
    return [...this.inputs, ...this.outputs];
  }

  /** Conditions, answers, and the remark at the end. */
  get width(): number {
    return this.inputs.length + this.outputs.length + 1;
  }

  get block(): Block {
    const [top, bottom] = [this.row, this.anchorRow].sort((a, b) => a - b);
    const [left, right] = [this.column, this.anchorColumn].sort((a, b) => a - b);
    return { top, left, bottom, right };
  }

  kindOf(column: number): "input" | "output" | "note" {
    return column < this.inputs.length ? "input" : column < this.width - 1 ? "output" : "note";
  }

  table(): Table {
    const [inputs, end] = [this.inputs.length, this.width - 1];
    const rules = this.cells.map((row) => ({ when: row.slice(0, inputs), then: row.slice(inputs, end), note: row[end] }));
    const plain = ({ name, type, title, unit, values }: Column): Column => ({ name, type, title, unit, values });
    return { name: this.name, hit_policy: this.hitPolicy, inputs: this.inputs.map(plain), outputs: this.outputs.map(plain), rules };
  }

  moveTo(row: number, column: number, extends_ = false): void {
    this.row = Math.min(Math.max(row, 0), this.cells.length - 1);
    this.column = Math.min(Math.max(column, 0), this.width - 1);
    if (!extends_) [this.anchorRow, this.anchorColumn] = [this.row, this.column];
  }

  write(text: string): void {
    if (this.cells[this.row][this.column] === this.tidy(text, this.column)) return;
    this.keep();
    this.cells[this.row][this.column] = this.tidy(text, this.column);
  }

  clear(): void {
    this.keep();
    const { top, left, bottom, right } = this.block;
    for (let row = top; row <= bottom; row++) for (let at = left; at <= right; at++) this.cells[row][at] = this.tidy("", at);
  }

  copy(): string {
    const { top, left, bottom, right } = this.block;
    return this.cells.slice(top, bottom + 1).map((row) => row.slice(left, right + 1).map(quoted).join("\t")).join("\n");
  }

  /** A block from a spreadsheet; rows that are missing are added, one cell fills the whole selection. */
  paste(text: string): void {
    const rows = parse(text);
    if (!rows.length) return;
    this.keep();
    const { top, left, bottom, right } = this.block;
    const fills = rows.length === 1 && rows[0].length === 1;
    const last = fills ? bottom : top + rows.length - 1;
    while (this.cells.length <= last) this.cells.push(this.blank());
    for (let row = top; row <= last; row++) {
      const given = fills ? new Array<string>(right - left + 1).fill(rows[0][0]) : rows[row - top];
      given.forEach((cell, at) => {
        if (left + at < this.width) this.cells[row][left + at] = this.tidy(cell, left + at);
      });
    }
    this.row = last;
    this.column = fills ? right : Math.min(left + Math.max(...rows.map((row) => row.length)) - 1, this.width - 1);
    [this.anchorRow, this.anchorColumn] = [top, left];
  }

  insertRow(after: boolean): void {
    this.keep();
    const at = this.row + (after ? 1 : 0);
    this.cells.splice(at, 0, this.blank());
    this.moveTo(at, this.column);
  }

  duplicateRows(): void {
    this.keep();
    const { top, bottom } = this.block;
    this.cells.splice(bottom + 1, 0, ...this.cells.slice(top, bottom + 1).map((row) => [...row]));
    this.moveTo(bottom + 1, this.column);
  }

  deleteRows(): void {
    this.keep();
    const { top, bottom } = this.block;
    this.cells.splice(top, bottom - top + 1);
    if (!this.cells.length) this.cells.push(this.blank());
    this.moveTo(top, this.column);
  }

  moveRows(by: -1 | 1): boolean {
    const { top, bottom } = this.block;
    if (top + by < 0 || bottom + by >= this.cells.length) return false;
    this.keep();
    const [other] = this.cells.splice(by < 0 ? top - 1 : bottom + 1, 1);
    this.cells.splice(by < 0 ? bottom : top, 0, other);
    this.row += by;
    this.anchorRow += by;
    return true;
  }

  addInput(column: Column): void {
    this.keep();
    this.cells.forEach((row) => row.splice(this.inputs.length, 0, ANY));
    this.inputs = [...this.inputs, column];
    this.moveTo(this.row, this.inputs.length - 1);
  }

  removeInput(at: number): void {
    this.keep();
    this.cells.forEach((row) => row.splice(at, 1));
    this.inputs = this.inputs.filter((_, place) => place !== at);
    this.moveTo(this.row, this.column);
  }

  chooseHitPolicy(hitPolicy: string): void {
    this.keep();
    this.hitPolicy = hitPolicy;
  }

  undo(): boolean {
    return this.travel(this.past, this.future);
  }

  redo(): boolean {
    return this.travel(this.future, this.past);
  }

  private travel(from: State[], to: State[]): boolean {
    const state = from.pop();
    if (!state) return false;
    to.push(this.state());
    [this.hitPolicy, this.inputs, this.cells] = [state.hitPolicy, state.inputs, state.cells];
    this.moveTo(state.row, state.column);
    return true;
  }

  private keep(): void {
    this.past.push(this.state());
    if (this.past.length > UNDO_MAX) this.past.shift();
    this.future = [];
  }

  private state(): State {
    const cells = this.cells.map((row) => [...row]);
    return { hitPolicy: this.hitPolicy, inputs: this.inputs, cells, row: this.row, column: this.column };
  }

  private blank(): string[] {
    return Array.from({ length: this.width }, (_, at) => this.tidy("", at));
  }

  /** A condition left empty asks for nothing, and says so. */
  private tidy(text: string, column: number): string {
    const plain = text.replace(/[\r\n\t]+/g, " ").trim();
    return plain === "" && this.kindOf(column) === "input" ? ANY : plain;
  }
}

function quoted(cell: string): string {
  return /["\t\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

/** What a spreadsheet puts on the clipboard: tabs and lines; a cell that holds either, or a quote, stands in quotes. */
export function parse(text: string): string[][] {
  const rows: string[][] = [[""]];
  let isQuoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at++) {
    const [letter, row] = [source[at], rows[rows.length - 1]];
    const last = row.length - 1;
    if (isQuoted && letter === '"' && source[at + 1] === '"') row[last] += source[++at];
    else if (isQuoted && letter === '"') isQuoted = false;
    else if (isQuoted) row[last] += letter;
    else if (letter === '"' && row[last] === "" && closes(source, at)) isQuoted = true;
    else if (letter === "\t") row.push("");
    else if (letter === "\n") rows.push([""]);
    else row[last] += letter;
  }
  return source === "" ? [] : rows;
}

/** A cell such as `"person"` is a text of ours, not a quoted cell: only one that holds a tab, a line or a doubled quote is. */
function closes(source: string, at: number): boolean {
  const found = /^"((?:[^"]|"")*)"(?=\t|\n|$)/.exec(source.slice(at));
  return found !== null && /[\t\n]|""/.test(found[1]);
}
