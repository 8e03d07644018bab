// Builds the desk's scripts and styles, the phone app and the icon sprite into the pages' static directory.
import { createHash } from "node:crypto";
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../src/fengqiao/pages/static/fengqiao/dist/");

// css/dark.css holds the dark tokens once; they hold for a chosen dark theme and for a dark system.
const dark = {
  name: "dark",
  setup({ onLoad }) {
    onLoad({ filter: /dark\.css$/ }, async ({ path }) => {
      const tokens = await readFile(path, "utf8");
      const chosen = tokens.replace(":root", ":root[data-theme=dark]");
      const system = tokens.replace(":root", ":root:not([data-theme=light])");
      const contents = `@media screen { ${chosen} }\n@media screen and (prefers-color-scheme: dark) { ${system} }`;
      return { contents, loader: "css" };
    });
  },
};

// The map library credits itself with a link to its own site; no page of a station shows or asks another host.
const uncredited = {
  name: "uncredited",
  setup({ onLoad }) {
    onLoad({ filter: /leaflet-src\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: source.replace(/prefix: '<a href="https:.*$/m, "prefix: false"), loader: "js" };
    });
  },
};

async function sprite() {
  const names = JSON.parse(await readFile(here("icons.json"), "utf8"));
  const symbols = await Promise.all(
    Object.entries(names).map(async ([name, source]) => {
      const svg = await readFile(here(`node_modules/heroicons/24/outline/${source}.svg`), "utf8");
      const paths = svg.match(/<path[^>]* d="[^"]+"/g).map((path) => `<path d="${path.match(/ d="([^"]+)"/)[1]}"/>`);
      return `<symbol id="${name}" viewBox="0 0 24 24">${paths.join("")}</symbol>`;
    }),
  );
  await writeFile(`${out}icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

const common = {
  bundle: true,
  minify: true,
  target: ["chrome88", "firefox91", "safari15"],
  legalComments: "none",
  logLevel: "warning",
  plugins: [dark, uncredited],
};

// The phone keeps these files whole or not at all; `version` changes with any byte of them. `first`: what the entry
// imports, named by the page so that the two are fetched side by side; chunks import each other by these names.
async function phone() {
  const told = { ...common, outdir: `${out}field/`, charset: "utf8" };
  const script = { ...told, loader: { ".js": "jsx" }, jsx: "automatic", jsxImportSource: "preact" };
  const [app] = await Promise.all([
    build({ ...script, entryPoints: { app: here("js/field/app.js"), early: here("js/field/early.js") }, format: "esm", splitting: true, chunkNames: "[name]-[hash]", metafile: true }),
    build({ ...script, entryPoints: { sw: here("js/field/sw.js") } }),
    build({ ...told, entryPoints: { "app-style": here("css/field.css") } }),
  ]);
  const names = ["app.js", "early.js", "app-style.css"];
  const outputs = Object.entries(app.metafile.outputs).map(([path, { imports }]) => [basename(path), imports]);
  const chunks = outputs.map(([name]) => name).filter((name) => !names.includes(name));
  const first = Object.fromEntries(outputs)["app.js"].filter(({ kind }) => kind === "import-statement").map(({ path }) => basename(path));
  const hash = createHash("sha256");
  for (const name of [...names, "sw.js", ...chunks.sort()]) hash.update(await readFile(`${out}field/${name}`));
  const built = { version: hash.digest("hex").slice(0, 12), chunks, first };
  await writeFile(`${out}field/built.json`, `${JSON.stringify(built)}\n`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([
  sprite(),
  phone(),
  build({
    entryPoints: ["js/desk.js", "css/desk.css", "css/public.css", "css/blocks.css", "js/map.js", "css/map.css", "css/wall.css"].map(here),
    outdir: out,
    entryNames: "[name]",
    ...common,
    loader: { ".png": "dataurl" },
  }),
]);
