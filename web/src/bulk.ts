// Bulk work: the rows of the preview are sent one after another. There is progress, a stop between two rows,
// an answer for every row, and a file of the answers; nothing is passed over in silence.
import htmx from "htmx.org";

import { onEvery } from "./page";

interface Answer {
  name: string;
  outcome: "done" | "refused" | "lost";
  sentence: string;
}

export function startBulk(): void {
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const dialog = (event.target as HTMLElement).closest<HTMLDialogElement>("dialog#bulk");
    if (dialog && !dialog.open) dialog.showModal();
  });
  onEvery<HTMLFormElement>("form[data-bulk-run]", (form) => new Run(form));
}

class Run {
  private readonly answers: Answer[] = [];
  private isRunning = false;
  private mustStop = false;
  private given = new FormData();

  constructor(private readonly form: HTMLFormElement) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.start();
    });
    this.find("[data-bulk-stop]")?.addEventListener("click", () => (this.mustStop = true));
    form.querySelectorAll("[data-bulk-close]").forEach((button) => button.addEventListener("click", () => this.close()));
    form.closest("dialog")?.addEventListener("cancel", (event) => {
      if (this.isRunning) event.preventDefault();
    });
  }

  private find<T extends HTMLElement>(selector: string): T | null {
    return this.form.querySelector<T>(selector);
  }

  private async start(): Promise<void> {
    if (this.isRunning || this.answers.length) return;
    this.isRunning = true;
    this.given = new FormData(this.form);
    if (!(await this.isWellFilled())) return;
    const rows = [...this.form.querySelectorAll<HTMLInputElement>("input[name=rows]")];
    this.reveal();
    for (const row of rows) {
      if (this.mustStop) break;
      this.note(await this.carryOut(row));
      this.say("running", rows.length);
    }
    this.isRunning = false;
    this.finish(rows.length);
  }

  /** What all rows share is judged before the first of them is touched. */
  private async isWellFilled(): Promise<boolean> {
    const answer = await this.send("check").catch(() => null);
    if (answer?.status === 204 && !answer.headers.get("HX-Redirect")) return true;
    this.isRunning = false;
    if (leaves(answer)) return false;
    const body = document.getElementById("bulk-body");
    if (answer?.ok && body) {
      body.innerHTML = await answer.text();
      htmx.process(body);
      body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    } else {
      this.reveal();
      this.note({ name: "", outcome: "lost", sentence: document.getElementById("toasts")?.dataset.failed ?? "" });
      this.find("[data-bulk-stop]")?.setAttribute("hidden", "");
    }
    return false;
  }

  private async carryOut(row: HTMLInputElement): Promise<Answer> {
    const name = row.dataset.name ?? "";
    try {
      const answer = await this.send("one", row.value);
      if (leaves(answer)) return { name, outcome: "refused", sentence: "" };
      if (answer.ok) return { name, ...((await answer.json()) as Omit<Answer, "name">) };
    } catch {
      // The connection broke: whether the row was carried out is not known here, and that is said.
    }
    return { name, outcome: "lost", sentence: this.words("lost") };
  }

  private send(step: string, row = ""): Promise<Response> {
    const data = new FormData();
    this.given.forEach((value, name) => (row && name === "rows" ? undefined : data.append(name, value)));
    data.set("step", step);
    if (row) {
      data.set("row", row);
      data.set("_once", unique());
    }
    const headers = { "HX-Request": "true" };
    return fetch(this.form.dataset.address ?? "", { method: "POST", body: data, headers, credentials: "same-origin" });
  }

  private reveal(): void {
    this.find("[data-bulk-progress]")?.removeAttribute("hidden");
    this.find("[data-bulk-stop]")?.removeAttribute("hidden");
    this.find("[data-bulk-start]")?.setAttribute("hidden", "");
    this.form.querySelectorAll("[data-focus-first], .field .field-error").forEach((said) => said.remove());
    this.form.querySelectorAll(".field input, .field select, .field textarea").forEach((input) => input.setAttribute("disabled", ""));
  }

  private note(answer: Answer): void {
    this.answers.push(answer);
    const line = document.createElement("li");
    line.className = `is-${answer.outcome}`;
    const word = answer.outcome === "done" ? this.words("done") : this.words("refused");
    line.textContent = [answer.name, word, answer.sentence].filter(Boolean).join(" · ");
    this.find("[data-bulk-results]")?.append(line);
    line.scrollIntoView({ block: "nearest" });
  }

  private words(key: string): string {
    return this.find("[data-bulk-results]")?.dataset[key] ?? "";
  }

  private say(key: "running" | "over" | "stopped", total: number): void {
    const place = this.find("[data-bulk-words]");
    const done = this.answers.filter((answer) => answer.outcome === "done").length;
    const refused = this.answers.length - done;
    const facts: Record<string, number> = { n: key === "running" ? this.answers.length : done, total, refused, left: total - this.answers.length };
    if (place) place.textContent = (place.dataset[key] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name]));
    const bar = this.find<HTMLProgressElement>("progress");
    if (bar) bar.value = this.answers.length;
  }

  private finish(total: number): void {
    this.say(this.answers.length < total ? "stopped" : "over", total);
    this.find("[data-bulk-stop]")?.setAttribute("hidden", "");
    const link = this.find<HTMLAnchorElement>("[data-bulk-file]");
    if (!link) return;
    link.hidden = false;
    link.href = URL.createObjectURL(new Blob([this.file()], { type: "text/csv" }));
    link.download = `${this.words("file")}.csv`;
  }

  private file(): string {
    const lines = this.answers.map((a) => [a.name, a.outcome === "done" ? this.words("done") : this.words("refused"), a.sentence]);
    return `\ufeff${[this.words("heads").split("|"), ...lines].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  /** Closing shows the list as it is now. */
  private close(): void {
    if (this.isRunning) return;
    this.form.closest("dialog")?.close();
    if (this.answers.length) void htmx.ajax("get", location.pathname + location.search, { target: "#list-body", swap: "outerHTML" });
  }
}

/** A cell that a spreadsheet does not run: as chezhe.ui.exports.harmless. */
function cell(text: string): string {
  const harmless = /^[\s\u3000\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return `"${harmless.replace(/"/g, '""')}"`;
}

/** A stale second factor sends to where it is asked for. */
function leaves(answer: Response | null): boolean {
  const address = answer?.headers.get("HX-Redirect");
  if (address) location.assign(address);
  return Boolean(address);
}

function unique(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
