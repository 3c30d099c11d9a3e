// Open BPMN files in bpmn-js, in a browser, and say of each what is not as it should be: one line of JSON a file.
// bpmn_js.py starts it:
//
//     node bpmn_js.mjs MODULES FILES PICTURES BROWSER
//
// MODULES: where node_modules is; FILES: where the .bpmn files are, those named `chart...` being no whole procedures;
// PICTURES: a folder for a PNG of each, or ""; BROWSER: the path of a Chrome or Chromium, or "" for a packed one.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { launched, modulesOf } from "./browser.mjs";

const [folder, files, pictures, browserPath] = process.argv.slice(2);
const modules = modulesOf(folder);
const { default: Linter } = await modules.load("bpmnlint/lib/linter.js");
const { default: Resolver } = await modules.load("bpmnlint/lib/resolver/node-resolver.js");
const { BpmnModdle } = await modules.load("bpmn-moddle");

async function linted(xml) {
  const { rootElement } = await new BpmnModdle().fromXML(xml);
  // Where rules decide about ways side by side, an inclusive gateway is what is meant.
  const config = { extends: "bpmnlint:recommended", rules: { "no-inclusive-gateway": "off" } };
  const linter = new Linter({ config, resolver: new Resolver({ require: modules.require }) });
  const reports = await linter.lint(rootElement);
  return Object.entries(reports).flatMap(([rule, found]) =>
    found.map((one) => `bpmnlint ${rule} (${one.category}): ${one.id}: ${one.message}`),
  );
}

// What follows runs in the page.
async function opened(xml) {
  const found = [];
  const wrong = (...words) => found.push(words.join(" "));
  document.querySelector("#canvas").replaceChildren();
  const viewer = new BpmnJS({ container: "#canvas" });
  try {
    const { warnings } = await viewer.importXML(xml);
    warnings.forEach((warning) => wrong("import:", warning.message));
  } catch (error) {
    wrong("import:", error.message);
    return { found, shapes: 0, flows: 0 };
  }
  const registry = viewer.get("elementRegistry");
  const meant = [];
  for (const root of viewer.getDefinitions().rootElements) {
    if (root.$type === "bpmn:Collaboration") meant.push(...root.participants);
    if (root.$type === "bpmn:Process") {
      meant.push(...root.flowElements, ...root.laneSets.flatMap((set) => set.lanes));
    }
  }

  // Every element is drawn, every flow from the edge of one shape to that of another, every node in its lane.
  const near = (a, b) => Math.abs(a - b) <= 1.5;
  const touches = (shape, { x, y }) => {
    const [left, top, width, height] = [shape.x, shape.y, shape.width, shape.height];
    const [dx, dy] = [Math.abs(x - left - width / 2) / (width / 2), Math.abs(y - top - height / 2) / (height / 2)];
    if (/Gateway$/.test(shape.type)) return Math.abs(dx + dy - 1) < 0.08;
    if (/Event$/.test(shape.type)) return Math.abs(Math.hypot(dx, dy) - 1) < 0.08;
    return (dx <= 1.01 && near(dy * height, height)) || (dy <= 1.01 && near(dx * width, width));
  };
  const drawn = new Set();
  for (const one of meant) {
    const element = registry.get(one.id);
    if (!element) {
      wrong("not drawn:", one.id);
      continue;
    }
    drawn.add(element);
    if (element.waypoints) {
      const [first, last] = [element.waypoints[0], element.waypoints.at(-1)];
      if (!touches(element.source, first)) wrong("begins beside its source:", one.id);
      if (!touches(element.target, last)) wrong("ends beside its target:", one.id);
    }
    if (one.name && (element.waypoints || /Event$|Gateway$/.test(one.$type))) {
      const label = element.labels[0];
      if (!label) wrong("label not drawn:", one.id);
      else {
        drawn.add(label);
        if (!element.di.label?.bounds) wrong("label without a place:", one.id);
      }
    }
    for (const node of one.flowNodeRef || []) {
      const shape = registry.get(node.id);
      if (!shape) continue;
      const inside =
        shape.x > element.x && shape.y > element.y &&
        shape.x + shape.width < element.x + element.width && shape.y + shape.height < element.y + element.height;
      if (!inside) wrong("outside its lane:", node.id, one.id);
    }
  }
  for (const element of registry.getAll()) {
    if (element.parent && !drawn.has(element)) wrong("drawn but not meant:", element.id);
  }

  // Texts are whole, within what they name, beside its icon, and lie on nothing.
  const room = (node) => node.getBoundingClientRect();
  const apart = (a, b) =>
    a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
  const visual = (element) => registry.getGraphics(element).querySelector(".djs-visual");
  const texts = new Map([...drawn].map((e) => [e, visual(e).querySelector("text")]).filter(([, text]) => text));
  const letters = (text) => text.replace(/\s/g, "");
  for (const [element, text] of texts) {
    const name = element.businessObject.name || "";
    if (letters(text.textContent) !== letters(name)) wrong("text cut:", element.id, text.textContent, "of", name);
    if (element.labelTarget) continue;
    const [shape, ...more] = visual(element).children;
    const [a, b] = [room(text), room(shape)];
    if (a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1) {
      wrong("text leaves its shape:", element.id);
    }
    if (more.some((icon) => icon !== text && !apart(a, room(icon)))) wrong("text lies on the icon:", element.id);
  }
  for (const element of drawn) {
    if (element.businessObject.name && !texts.has(element) && !element.labels.length) wrong("no name:", element.id);
  }
  const solid = [...drawn].filter((e) => !e.waypoints && !/Lane$|Participant$/.test(e.type));
  const rooms = solid.map((e) => [e, room(e.labelTarget ? texts.get(e) : visual(e))]);
  rooms.forEach(([one, a], at) => {
    for (const [other, b] of rooms.slice(at + 1)) if (!apart(a, b)) wrong("overlap:", one.id, other.id);
  });
  const frame = room(document.querySelector("#canvas"));
  const view = viewer.get("canvas").viewbox();
  const [right, down] = [frame.left - view.x, frame.top - view.y];
  for (const line of [...drawn].filter((e) => e.waypoints)) {
    line.waypoints.slice(1).forEach((to, at) => {
      const from = line.waypoints[at];
      const along = {
        left: Math.min(from.x, to.x) + right - 1.1,
        right: Math.max(from.x, to.x) + right + 1.1,
        top: Math.min(from.y, to.y) + down - 1.1,
        bottom: Math.max(from.y, to.y) + down + 1.1,
      };
      for (const [shape, place] of rooms) {
        const own = shape === line.source || shape === line.target;
        if (!own && !apart(along, place)) wrong("line lies on:", line.id, shape.id);
      }
    });
  }

  // What the modeller saves says the same.
  const { xml: saved } = await viewer.saveXML({ format: true });
  const again = await viewer.importXML(saved);
  again.warnings.forEach((warning) => wrong("after saving:", warning.message));
  for (const one of meant) {
    const now = registry.get(one.id)?.businessObject;
    if (now?.$type !== one.$type || now.name !== one.name) wrong("not the same after saving:", one.id);
  }
  const { inner } = view;
  const flows = [...drawn].filter((e) => e.waypoints).length;
  return { found, shapes: meant.length - flows, flows, size: [inner.x + inner.width, inner.y + inner.height] };
}

const browser = await launched(modules, browserPath);
const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
const programs = ["bpmn-js", "bpmn-moddle", "bpmnlint"];
const versions = Object.fromEntries(programs.map((name) => [name, modules.version(name)]));
console.log(JSON.stringify({ versions: { ...versions, Chromium: browser.version() } }));
await page.setContent('<body style="margin: 0"><div id="canvas" style="width: 6000px; height: 5000px"></div></body>');
for (const sheet of ["diagram-js.css", "bpmn-js.css"]) {
  await page.addStyleTag({ path: modules.path("bpmn-js", "dist", "assets", sheet) });
}
await page.addStyleTag({ content: ".djs-palette, .bjs-powered-by { display: none }" });
await page.addScriptTag({ path: modules.path("bpmn-js", "dist", "bpmn-modeler.development.js") });
for (const name of readdirSync(files).filter((file) => file.endsWith(".bpmn")).sort()) {
  const xml = readFileSync(join(files, name), "utf-8");
  const { found, shapes, flows, size } = await page.evaluate(opened, xml);
  if (!name.startsWith("chart")) found.push(...(await linted(xml)));
  if (pictures && size) {
    const [width, height] = size.map((side) => Math.ceil(side) + 20);
    const path = join(pictures, name.replace(/bpmn$/, "png"));
    await page.screenshot({ path, clip: { x: 0, y: 0, width, height }, fullPage: true });
  }
  console.log(JSON.stringify({ name, shapes, flows, found }));
}
await browser.close();
