// Render Mermaid, DOT and SVG files, and say of each what is not as it should be. pictures.py starts it:
//
//     node pictures.mjs MODULES FILES PICTURES BROWSER
//
// MODULES: where node_modules is; FILES: where the files are; PICTURES: a folder for a PNG of each, or "";
// BROWSER: the path of a Chrome or Chromium, or "" for a packed one.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { launched, modulesOf } from "./browser.mjs";

const [folder, files, pictures, browserPath] = process.argv.slice(2);
const modules = modulesOf(folder);
const graphviz = await (await modules.load("@viz-js/viz")).instance();
const browser = await launched(modules, browserPath);
const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
const versions = { Mermaid: modules.version("mermaid"), Graphviz: graphviz.graphvizVersion, Chromium: browser.version() };
console.log(JSON.stringify({ versions }));

const letters = (text) => text.replace(/\s/g, "");

// What follows runs in the page.
async function mermaidDrawn(text) {
  try {
    const { svg } = await mermaid.render("drawn", text);
    document.querySelector("#picture").innerHTML = svg;
    return [];
  } catch (error) {
    return [String(error.message)];
  }
}

/** Say which texts are not where they should be; outside boxes only in our own pictures, whose fonts are these. */
function misplaced(ours) {
  const picture = document.querySelector("#picture svg");
  const room = (element) => element.getBoundingClientRect();
  const whole = room(picture);
  const texts = [...picture.querySelectorAll("text")].map((text) => [text.textContent, room(text)]);
  const boxes = [...picture.querySelectorAll("path, rect, circle")]
    .filter((shape) => getComputedStyle(shape).fill !== "none")
    .map(room)
    .filter((box) => box.width > 30);
  const found = [];
  texts.forEach(([text, a], at) => {
    if (ours && (a.left < whole.left || a.right > whole.right || a.top < whole.top || a.bottom > whole.bottom)) {
      found.push(`leaves the picture: ${text}`);
    }
    // The room of a line of text is higher than its letters: 3 pixels less above and below.
    for (const [other, b] of texts.slice(at + 1)) {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom - 3 <= b.top + 3 || b.bottom - 3 <= a.top + 3;
      if (ours && !apart) found.push(`${text} lies on ${other}`);
    }
    const [x, y] = [(a.left + a.right) / 2, (a.top + a.bottom) / 2];
    const around = boxes.filter((box) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom);
    const own = around.sort((one, other) => one.width * one.height - other.width * other.height)[0];
    if (own && (a.left < own.left || a.right > own.right)) found.push(`wider than its box: ${text}`);
  });
  return found;
}

await page.setContent('<body style="margin: 0"><div id="picture" style="width: max-content"></div></body>');
await page.addScriptTag({ path: modules.path("mermaid", "dist", "mermaid.min.js") });
await page.evaluate(() => mermaid.initialize({ startOnLoad: false, maxTextSize: 1e6, maxEdges: 2000 }));

function titlesOf(text) {
  const labels = [...text.matchAll(/^ +n_\w+(?:\[|\{|\(+)"([^"]*)"/gm), ...text.matchAll(/\|"([^"]*)"\|/g)];
  return labels.flatMap((label) => label[1].split("<br/>"));
}

for (const name of readdirSync(files).sort()) {
  const text = readFileSync(join(files, name), "utf-8");
  let found = [];
  if (name.endsWith(".mmd")) {
    found = await page.evaluate(mermaidDrawn, text);
    const shown = letters(await page.evaluate(() => document.querySelector("#picture").textContent));
    found.push(...titlesOf(text).filter((title) => !shown.includes(letters(title))).map((title) => `not shown: ${title}`));
  } else {
    let svg = text;
    if (name.endsWith(".dot")) {
      const { status, output, errors } = graphviz.render(text, { format: "svg" });
      const real = errors.filter((error) => status !== "success" || error.level === "error");
      found = real.map((error) => error.message);
      svg = output || "";
    }
    await page.evaluate((drawn) => (document.querySelector("#picture").innerHTML = drawn), svg);
    found.push(...(await page.evaluate(misplaced, name.endsWith(".svg"))));
  }
  if (pictures) {
    await page.locator("#picture").screenshot({ path: join(pictures, `${name}.png`) });
  }
  console.log(JSON.stringify({ name, [name.split(".").at(-1)]: 1, found }));
}
await browser.close();
