// What the scripts beside share: modules from a folder of npm, and a browser.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Return what loads modules of a folder, by their names. */
export function modulesOf(folder) {
  const require = createRequire(pathToFileURL(join(folder, "node_modules", "x.js")));
  return {
    require,
    path: (...names) => join(folder, "node_modules", ...names),
    load: (name) => import(pathToFileURL(require.resolve(name))),
    version: (name) => JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf-8")).version,
  };
}

/** Start a Chrome or Chromium, by its path or, without one, as npm has packed it. */
export async function launched(modules, path) {
  const { chromium } = (await modules.load("playwright-core")).default;
  if (path) return chromium.launch({ executablePath: path });
  const packed = (await modules.load("@sparticuz/chromium")).default;
  return chromium.launch({ executablePath: await packed.executablePath(), args: packed.args });
}
