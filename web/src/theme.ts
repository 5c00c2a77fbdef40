// Runs before the first paint, so that nobody sees a white flash: the server knows the choice from the cookie,
// only "as the machine likes" has to be asked here.
const page = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function follow(): void {
  if (page.dataset.themeChoice === "auto") page.dataset.bsTheme = dark.matches ? "dark" : "light";
}

dark.addEventListener("change", follow);
follow();
