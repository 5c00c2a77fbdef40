// 最近访问: the browser remembers the numbers of the pages that were opened, and nothing of whom they are about.
// The home page asks the server what they are now, and whether they still open.
import htmx from "htmx.org";

const MOST = 8;
const NUMBER = /^[A-Z]{1,3}\d{2}-\d{6}-[\dX]$/;

export function startVisited(): void {
  const key = `visited-${document.body.dataset.actor ?? ""}`;
  const number = document.querySelector("main h1 .code")?.textContent?.trim() ?? "";
  if (NUMBER.test(number)) keep(key, [number, ...known(key).filter((one) => one !== number)].slice(0, MOST));
  const place = document.querySelector<HTMLElement>("[data-visited]");
  const numbers = known(key);
  if (place && numbers.length) {
    void htmx.ajax("post", place.dataset.visited ?? "", { target: place, swap: "innerHTML", values: { numbers: numbers.join(",") } });
  }
}

function known(key: string): string[] {
  return (localStorage.getItem(key) ?? "").split(",").filter((one) => NUMBER.test(one));
}

function keep(key: string, numbers: string[]): void {
  localStorage.setItem(key, numbers.join(","));
}
