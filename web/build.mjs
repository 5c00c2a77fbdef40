// Builds the browser side: `node web/build.mjs` (add `--watch` while working).
// Out: src/chezhe/ui/static/build/{app.css,app.js,charts.js,charts-all.js,theme.js,icons.svg}; nothing there is committed.
import { build, context } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const out = path.join(root, "src/chezhe/ui/static/build");
const icons = path.join(root, "node_modules/@tabler/icons/icons");
const JS_BUDGET = 250 * 1024;

async function filesUnder(folder, ending) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (["node_modules", "build", "__pycache__", "tests"].includes(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesUnder(full, ending)));
    else if (ending.test(entry.name)) found.push(full);
  }
  return found;
}

// {% icon "name" %}, icon="name", icon='name', icon: "name"
// {% tag words "warning" "name" %}, Status(label, "warning", "name"): the icon behind a tone. Other words stand there too.
const TONED = /["'](?:neutral|info|progress|good|warning|danger)["'],?\s+["']([a-z][a-z0-9-]*)["']/g;
const NAMED = /\bicon(?:\s*[=:]\s*|\s+)["']([a-z][a-z0-9-]*)["']/g;

async function iconNames() {
  const names = new Map();
  const drawn = new Set((await readdir(path.join(icons, "outline"))).map((file) => file.slice(0, -4)));
  const listed = (await readFile(path.join(root, "web/icons.txt"), "utf8")).split("\n");
  for (const line of listed) if (line.trim() && !line.startsWith("#")) names.set(line.trim(), "web/icons.txt");
  const sources = [...(await filesUnder(path.join(root, "src/chezhe"), /\.(html|py)$/)), ...(await filesUnder(path.join(root, "web"), /\.ts$/))];
  for (const file of sources) {
    const text = await readFile(file, "utf8");
    for (const [, name] of text.matchAll(NAMED)) if (!names.has(name)) names.set(name, file);
    for (const [, name] of text.matchAll(TONED)) if (!names.has(name) && drawn.has(name)) names.set(name, file);
  }
  return names;
}

/** Whole or not at all: a page that is being served never reads half a file. */
async function put(name, content) {
  const unfinished = path.join(out, `.${name}.${process.pid}`);
  await writeFile(unfinished, content);
  await rename(unfinished, path.join(out, name));
}

async function sprite() {
  const symbols = [];
  const missing = [];
  for (const [name, where] of [...(await iconNames())].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [base, style] = name.endsWith("-filled") ? [name.slice(0, -7), "filled"] : [name, "outline"];
    const source = await readFile(path.join(icons, style, `${base}.svg`), "utf8").catch(() => null);
    if (source === null) {
      missing.push(`${name} (${path.relative(root, where)})`);
      continue;
    }
    const drawing = source.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/<path stroke="none" d="M0 0h24v24H0z"[^>]*>/, "").trim();
    const paint = style === "filled" ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${drawing.replace(/\s*\n\s*/g, "")}</symbol>`);
  }
  if (missing.length) throw new Error(`no such Tabler icon: ${missing.join(", ")}`);
  await put("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
  return symbols.length;
}

const options = {
  bundle: true,
  write: false,
  minify: true,
  sourcemap: false,
  legalComments: "none",
  target: ["chrome109", "firefox115", "safari16"],
  logLevel: "warning",
  outdir: out,
  absWorkingDir: root,
  entryPoints: {
    app: "web/src/app.ts",
    theme: "web/src/theme.ts",
    charts: "web/src/charts.ts",
    "charts-all": "web/src/charts_all.ts",
    "app-style": "web/css/app.css",
  },
  entryNames: "[name]",
  format: "iife",
  loader: { ".svg": "dataurl" },
};

async function afterwards(result) {
  // esbuild names a style after its entry point; app.js and app.css may not share one.
  for (const file of result.outputFiles) await put(path.basename(file.path).replace("app-style", "app"), file.contents);
  await rm(path.join(out, "app-style.css"), { force: true });
  const count = await sprite();
  for (const name of ["app.css", "app.js", "theme.js", "charts.js", "charts-all.js", "icons.svg"]) {
    const bytes = await readFile(path.join(out, name));
    console.log(`${name.padEnd(10)} ${(bytes.length / 1024).toFixed(0).padStart(5)} kB  ${(gzipSync(bytes).length / 1024).toFixed(0).padStart(4)} kB gzipped`);
  }
  console.log(`${count} icons`);
  let page = 0;
  for (const name of ["theme.js", "app.js", "charts.js"]) page += gzipSync(await readFile(path.join(out, name))).length;
  if (page > JS_BUDGET) throw new Error(`a page with a chart loads ${page} bytes gzipped; the budget of a page is ${JS_BUDGET}`);
}

await mkdir(out, { recursive: true });
if (process.argv.includes("--watch")) {
  const rebuilt = { name: "afterwards", setup: (b) => b.onEnd((result) => afterwards(result).catch((e) => console.error(String(e)))) };
  const watching = await context({ ...options, plugins: [rebuilt] });
  await watching.watch();
} else {
  await afterwards(await build(options));
}
