// The editor of a decision table: a sheet worked like a spreadsheet. The server judges what stands in it, a moment after each change.
import { Sheet, type Column, type Table } from "./grid_sheet";
import { make, text, View, type Finding, type Words } from "./grid_view";
import { announce, onEvery } from "./page";

interface Given {
  table: Table;
  offered: Column[];
  findings: Finding[];
  words: Words;
  english: boolean;
}

const LINT_AFTER_MS = 500;
const STEPS: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function startGrid(): void {
  onEvery<HTMLFormElement>("form[data-grid]", (form) => new Editor(form));
}

class Editor {
  private readonly given: Given;
  private readonly sheet: Sheet;
  private readonly view: View;
  private readonly box: HTMLElement;
  private input: HTMLInputElement | null = null;
  private waiting = 0;
  private asked = 0;
  private isChanged = false;
  private mayLeave = false;

  constructor(private readonly form: HTMLFormElement) {
    this.given = JSON.parse(document.getElementById(form.dataset.grid ?? "")?.textContent ?? "{}") as Given;
    this.box = form.querySelector<HTMLElement>("[data-grid-box]")!;
    this.sheet = new Sheet(this.given.table);
    this.view = new View(this.sheet, this.box, this.given.words, this.given.english);
    this.view.draw();
    this.show(this.given.findings);
    this.fillChoices();
    this.listen();
    this.store();
  }

  private listen(): void {
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("mousedown", (event) => this.point(event));
    this.box.addEventListener("mouseover", (event) => event.buttons === 1 && !this.input && this.go(this.view.place(event.target), true));
    this.box.addEventListener("dblclick", (event) => this.view.place(event.target) && this.edit());
    this.box.addEventListener("click", (event) => this.remove(event.target as HTMLElement));
    this.box.addEventListener("copy", (event) => this.copy(event));
    this.box.addEventListener("cut", (event) => this.copy(event) && this.change(() => this.sheet.clear()));
    this.box.addEventListener("paste", (event) => this.paste(event));
    this.form.addEventListener("click", (event) => this.press((event.target as HTMLElement).closest<HTMLElement>("[data-grid-act]")?.dataset.gridAct));
    this.form.querySelector("[data-grid-column]")?.addEventListener("change", (event) => this.addColumn(event.target as HTMLSelectElement));
    this.form.querySelector("[data-grid-policy]")?.addEventListener("change", (event) => this.change(() => this.sheet.chooseHitPolicy((event.target as HTMLSelectElement).value)));
    this.form.addEventListener("submit", () => (this.finish(true), this.store(), (this.isChanged = false)));
    addEventListener("beforeunload", (event) => this.isChanged && event.preventDefault());
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || (event.target as HTMLElement).closest("button")) return;
    if (this.input) return this.keyWhileWriting(event);
    const leaves = event.key === "Tab" && (this.mayLeave || this.isAtEdge(event.shiftKey));
    this.mayLeave = event.key === "Escape";
    if (leaves) return;
    const step = STEPS[event.key];
    const control = event.ctrlKey || event.metaKey;
    if (step && event.altKey) this.act(event, () => step[0] && this.change(() => this.sheet.moveRows(step[0] as -1 | 1)));
    else if (step) this.act(event, () => this.go({ row: control && step[0] ? (step[0] < 0 ? 0 : Infinity) : this.sheet.row + step[0], column: control && step[1] ? (step[1] < 0 ? 0 : Infinity) : this.sheet.column + step[1] }, event.shiftKey));
    else if (event.key === "Tab") this.act(event, () => this.along(event.shiftKey ? -1 : 1));
    else if (event.key === "Home" || event.key === "End") this.act(event, () => this.go({ row: control ? (event.key === "Home" ? 0 : Infinity) : this.sheet.row, column: event.key === "Home" ? 0 : Infinity }, event.shiftKey));
    else if (control) this.keyWithControl(event);
    else if (event.key === "Enter" || event.key === "F2") this.act(event, () => this.edit());
    else if (event.key === "Delete" || event.key === "Backspace") this.act(event, () => this.change(() => this.sheet.clear()));
    else if (event.key === "Process") this.edit("");
    else if (event.key.length === 1 && !event.altKey) this.act(event, () => this.edit(event.key));
  }

  private keyWithControl(event: KeyboardEvent): void {
    const name = event.key.toLowerCase();
    if (name === "z" && !event.shiftKey) this.act(event, () => this.change(() => this.sheet.undo()));
    else if (name === "y" || name === "z") this.act(event, () => this.change(() => this.sheet.redo()));
    else if (name === "a") this.act(event, () => (this.go({ row: 0, column: 0 }, false), this.go({ row: Infinity, column: Infinity }, true)));
    else if (name === "d") this.act(event, () => this.change(() => this.sheet.duplicateRows()));
    else if (name === "enter") this.act(event, () => this.change(() => this.sheet.insertRow(!event.shiftKey)));
    else if (name === "delete" || name === "backspace") this.act(event, () => this.change(() => this.sheet.deleteRows()));
    else if (name === "s") this.act(event, () => this.form.requestSubmit());
  }

  private keyWhileWriting(event: KeyboardEvent): void {
    if (event.key === "Enter") this.act(event, () => (this.finish(true), this.go({ row: this.sheet.row + (event.shiftKey ? -1 : 1), column: this.sheet.column }, false)));
    else if (event.key === "Tab") this.act(event, () => (this.finish(true), this.along(event.shiftKey ? -1 : 1)));
    else if (event.key === "Escape") this.act(event, () => this.finish(false));
    else event.stopPropagation();
  }

  private act(event: Event, does: () => unknown): void {
    event.preventDefault();
    event.stopPropagation();
    does();
  }

  private isAtEdge(backwards: boolean): boolean {
    const { row, column, cells, width } = this.sheet;
    return backwards ? row === 0 && column === 0 : row === cells.length - 1 && column === width - 1;
  }

  private along(by: number): void {
    const place = this.sheet.row * this.sheet.width + this.sheet.column + by;
    this.go({ row: Math.floor(place / this.sheet.width), column: ((place % this.sheet.width) + this.sheet.width) % this.sheet.width }, false);
  }

  private go(place: { row: number; column: number } | null, extends_: boolean): void {
    if (!place) return;
    this.sheet.moveTo(place.row, place.column, extends_);
    this.view.mark();
    this.view.focus();
  }

  private point(event: MouseEvent): void {
    if (this.input?.contains(event.target as Node)) return;
    const place = this.view.place(event.target);
    this.finish(true);
    if (!place) return;
    event.preventDefault();
    this.go(place, event.shiftKey);
  }

  private edit(begins?: string): void {
    const cell = this.view.cell(this.sheet.row, this.sheet.column);
    const column = this.sheet.columns[this.sheet.column];
    const input = make("input", { class: "sheet-input", "aria-label": `${column?.title || this.given.words.note} ${this.sheet.row + 1}`, autocomplete: "off", spellcheck: "false", maxlength: "500" });
    const now = this.sheet.cells[this.sheet.row][this.sheet.column];
    input.value = begins ?? (now === "-" ? "" : now);
    cell.replaceChildren(input, this.choices(input, column));
    this.input = input;
    input.addEventListener("blur", () => this.finish(true, false));
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  }

  /** What the column can be, to choose from while typing. */
  private choices(input: HTMLInputElement, column: Column | undefined): HTMLElement {
    const list = make("datalist", { id: "sheet-choices" });
    const known = column?.type === "boolean" ? ["true", "false"] : (column?.values ?? []);
    list.append(...known.map((value) => make("option", { value })));
    if (known.length) input.setAttribute("list", list.id);
    return list;
  }

  private finish(keeps: boolean, returns = true): void {
    const input = this.input;
    if (!input) return;
    this.input = null;
    if (keeps) this.sheet.write(input.value);
    this.changed();
    if (returns) this.view.focus();
  }

  private change(does: () => unknown): void {
    does();
    this.changed();
    if (this.box.contains(document.activeElement) || document.activeElement === document.body) this.view.focus();
  }

  private changed(): void {
    this.view.refresh();
    this.show(this.given.findings);
    if (!this.store()) return;
    this.isChanged = true;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.lint(), LINT_AFTER_MS);
  }

  /** Put the table where the form sends it from; says whether it is another than before. */
  private store(): boolean {
    const place = this.form.querySelector<HTMLInputElement>("[name=content]")!;
    const now = JSON.stringify(this.sheet.table());
    const isOther = now !== place.value;
    place.value = now;
    const policy = this.form.querySelector<HTMLSelectElement>("[data-grid-policy]");
    if (policy) policy.value = this.sheet.hitPolicy;
    return isOther;
  }

  private async lint(): Promise<void> {
    const turn = ++this.asked;
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "content"]) data.set(name, this.form.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? "");
    const answer = await fetch(this.form.dataset.lint ?? "", { method: "POST", body: data, credentials: "same-origin", headers: { "HX-Request": "true" } }).catch(() => null);
    if (turn !== this.asked) return;
    if (!answer?.ok) return this.say(this.given.words.unreachable);
    this.given.findings = ((await answer.json()) as { findings: Finding[] }).findings;
    if (!this.input) this.show(this.given.findings);
    this.say(this.summary());
  }

  private show(findings: Finding[]): void {
    this.view.show(findings);
    const list = this.form.querySelector<HTMLElement>("[data-grid-findings]");
    list?.replaceChildren(...findings.map((finding) => this.line(finding)));
    text(this.form.querySelector<HTMLElement>("[data-grid-summary]")!, this.summary());
  }

  private line(finding: Finding): HTMLElement {
    const line = make("li", { class: `finding is-${finding.severity}` });
    const button = text(make("button", { type: "button", class: "link" }), `${this.given.words[finding.severity]} · ${finding.sentence}`);
    button.addEventListener("click", () => this.find(finding));
    line.append(button);
    if (finding.example) line.append(text(make("small", {}), finding.example));
    return line;
  }

  private find(finding: Finding): void {
    const column = this.sheet.columns.findIndex((one) => one.name === finding.column);
    this.go({ row: (finding.row ?? 1) - 1, column: Math.max(column, 0) }, false);
  }

  private summary(): string {
    const errors = this.given.findings.filter((finding) => finding.severity === "error").length;
    const words = errors ? this.given.words.faults : this.given.findings.length ? this.given.words.hints : this.given.words.clean;
    return words.replace("{n}", String(errors || this.given.findings.length));
  }

  private say(words: string): void {
    text(this.form.querySelector<HTMLElement>("[data-grid-summary]")!, words);
    announce(words);
  }

  private copy(event: ClipboardEvent): boolean {
    if (this.input) return false;
    event.clipboardData?.setData("text/plain", this.sheet.copy());
    event.preventDefault();
    return true;
  }

  private paste(event: ClipboardEvent): void {
    if (this.input) return;
    event.preventDefault();
    this.change(() => this.sheet.paste(event.clipboardData?.getData("text/plain") ?? ""));
  }

  private press(act: string | undefined): void {
    const acts: Record<string, () => unknown> = {
      above: () => this.sheet.insertRow(false), below: () => this.sheet.insertRow(true), duplicate: () => this.sheet.duplicateRows(),
      delete: () => this.sheet.deleteRows(), up: () => this.sheet.moveRows(-1), down: () => this.sheet.moveRows(1),
      undo: () => this.sheet.undo(), redo: () => this.sheet.redo(),
    };
    if (!act || !acts[act]) return;
    this.finish(true);
    this.change(acts[act]);
    this.fillChoices();
  }

  private remove(target: HTMLElement): void {
    const at = target.closest<HTMLElement>("[data-remove]")?.dataset.remove;
    if (at === undefined) return;
    this.change(() => this.sheet.removeInput(Number(at)));
    this.fillChoices();
  }

  private addColumn(select: HTMLSelectElement): void {
    const column = this.given.offered.find((one) => one.name === select.value);
    if (!column) return;
    this.change(() => this.sheet.addInput(column));
    this.fillChoices();
    this.view.focus();
  }

  /** Only what is not in the table yet can be added to it. */
  private fillChoices(): void {
    const select = this.form.querySelector<HTMLSelectElement>("[data-grid-column]");
    if (!select) return;
    const used = new Set(this.sheet.columns.map((column) => column.name));
    const choice = (column: Column): HTMLOptionElement => text(make("option", { value: column.name }), `${(this.given.english && column.english) || column.title} · ${column.name}`);
    select.replaceChildren(text(make("option", { value: "" }), this.given.words.add), ...this.given.offered.filter((column) => !used.has(column.name)).map(choice));
  }
}
