// Small helpers every island uses.

/** Run `dress` on every matching element now and in every part that htmx brings later; once per element. */
export function onEvery<T extends HTMLElement>(selector: string, dress: (element: T) => void): void {
  const dressed = new WeakSet<Element>();
  const visit = (root: ParentNode): void => {
    const own = root instanceof HTMLElement && root.matches(selector) ? [root as unknown as T] : [];
    for (const element of [...own, ...root.querySelectorAll<T>(selector)]) {
      if (dressed.has(element)) continue;
      dressed.add(element);
      dress(element);
    }
  };
  visit(document);
  document.body.addEventListener("htmx:load", (event) => visit(event.target as HTMLElement));
}

/** A cookie that the server reads for the look of the page; it says nothing of a person. */
export function remember(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/** Say something to screen readers. */
export function announce(words: string): void {
  const place = document.getElementById("announcer");
  if (place) place.textContent = words;
}

export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && ["checkbox", "radio", "button", "submit"].includes(target.type)) return false;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** One icon of the sprite whose address the server put on the page. */
export function icon(name: string): SVGSVGElement {
  const existing = document.querySelector<SVGUseElement>("svg.icon use");
  const sprite = (existing?.getAttribute("href") ?? "").split("#")[0];
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  picture.append(use);
  return picture;
}
