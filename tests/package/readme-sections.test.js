// What the README says further down, beside what the packed module, its element and its command do.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import { brotliCompressSync } from "node:zlib";
import * as entry from "civitai-permissions";
import { launchChromium } from "../helpers/browsers.js";
import { root } from "../helpers/repository.js";
import { startHub } from "./hub.js";
import { projectAndStandIn } from "./project.js";
import { codes, rows, section } from "./readme.js";

const { project, standIn } = await projectAndStandIn();

const types = await readFile(join(root, "src", "js", "types.d.ts"), "utf8");
/** What stands between two lines of a file of types. @param {string} text @param {string} start @param {string} end */
const between = (text, start, end) => text.split(start)[1]?.split(end)[0] ?? "";
/** The members of an interface. @param {string} text @param {string} name */
const members = (text, name) =>
  [...between(text, `interface ${name} `, "\n}").matchAll(/^ {2}"?([\w-]+)"?\??:/gm)].map(
    ([, member = ""]) => member,
  );
/** The first words of each row that stand as code. @param {string} text @param {string} head */
const named = (text, head) => rows(text, head).flatMap(([cell = ""]) => codes(cell));
/** @param {readonly string[]} list */
const sorted = (list) => [...list].sort();

describe("the call", () => {
  test("every call of the table is there", () => {
    for (const code of named(section("The call"), "call")) {
      const [, method, name] = /^(?:new |checker\.)?(?:(\w+)\()?(\w+)?/.exec(code) ?? [];
      const called = method ?? name ?? "";
      const found =
        called in entry || called in entry.PermissionChecker.prototype || called === "currentUser";
      assert.ok(found || code.startsWith("civitai-permissions/"), code);
    }
  });

  test("options and codes are those of the types", () => {
    const fixed = ["entityType", "permission"];
    const options = ["CheckOptions", "ExplainOptions extends CheckOptions", "CheckerOptions"].flatMap(
      (name) => members(types, name),
    );
    assert.deepEqual(sorted([...named(section("Options"), "option"), ...fixed]), sorted(options));
    const codesOfTypes = [...between(types, "type PermissionsErrorCode =", ";").matchAll(/"(\w+)"/g)];
    assert.deepEqual(
      sorted(named(section("Errors"), "`code`")),
      sorted(codesOfTypes.map(([, code = ""]) => code)),
    );
  });
});

describe("the element", () => {
  const text = section("The element");
  const element = () =>
    readFile(
      join(project.folder, "node_modules", "civitai-permissions", "src", "badge", "types", "badge.d.ts"),
      "utf8",
    );
  const attributes = named(text, "attribute, property");

  test("attributes, states, languages and size are those of the package", async () => {
    const typed = await element();
    const withoutDash = (/** @type {string} */ name) => !/[A-Z]/.test(name);
    const readOnly = ["state", "explanation"];
    assert.deepEqual(
      sorted(attributes.filter(withoutDash).filter((name) => !readOnly.includes(name))),
      sorted(members(typed, "LockBadgeAttributes")),
    );
    const states = [...between(typed, "type BadgeState =", ";").matchAll(/"(\w+)"/g)].map(
      ([, state]) => state,
    );
    const [, shown = ""] = rows(text, "attribute, property").find(([cell]) => cell === "`state`") ?? [];
    assert.deepEqual(codes(shown), states);

    const installed = join(project.folder, "node_modules", "civitai-permissions", "pkg");
    const languages = (await readdir(join(installed, "badge"))).filter((name) => name.endsWith(".js"));
    const [, spoken = ""] = rows(text, "attribute, property").find(([cell]) => cell === "`lang`") ?? [];
    assert.deepEqual(
      codes(spoken).map((code) => `${code.replace(/^.*\/|\.js$/g, "").replace(/\.js$/, "")}.js`),
      languages.sort(),
    );
    const { length } = brotliCompressSync(await readFile(join(installed, "badge.js")));
    const [, kilobytes] = /It adds (\d+) kB/.exec(text.replaceAll("\n", " ")) ?? [];
    assert.equal(Math.round(length / 1000), Number(kilobytes));
    assert.ok(length <= 12_000, `${length} bytes`);
  });

  test("properties, colours, parts and the event do in Chromium what the section says", async (context) => {
    const { baseUrl } = standIn.session("section");
    const colours = ["ink", "ground", "edge"].map((name) => `--civitai-lock-badge-${name}`);
    assert.ok(text.includes("`--civitai-lock-badge-ink`, `-ground`, `-edge`"));
    const parts = codes(between(text, "parts:", ". "));
    assert.deepEqual(parts, ["face", "mark", "text", "tip"]);
    await writeFile(
      join(project.folder, "section.html"),
      `<!doctype html><style>
        civitai-lock-badge { ${colours.map((name, nth) => `${name}: rgb(${nth + 1}, 2, 3);`).join(" ")} }
        ${parts.map((part) => `civitai-lock-badge::part(${part}) { outline-color: rgb(7, 8, 9); }`).join(" ")}
      </style>
      <script>seen = []; addEventListener("statechange", ({ target }) => seen.push(target.state));</script>
      <script type="module" src="node_modules/civitai-permissions/pkg/badge.js"></script>
      <civitai-lock-badge base-url="${baseUrl}"></civitai-lock-badge>`,
    );
    const [hub, browser] = await Promise.all([startHub(project.folder), launchChromium()]);
    context.after(() => hub.close());
    context.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`${hub.url}/section.html`);
    await page.evaluate("document.querySelector('civitai-lock-badge').entityId = 2402203");
    await page.locator('civitai-lock-badge[state="trial"]').hover();
    await page.waitForFunction(
      "document.querySelector('civitai-lock-badge').shadowRoot.querySelector('[part=tip]')",
    );

    const looks = await page.evaluate(
      `(${(/** @type {string[]} */ parts) => {
        const badge = /** @type {any} */ (document.querySelector("civitai-lock-badge"));
        const part = (/** @type {string} */ name) => badge.shadowRoot.querySelector(`[part~=${name}]`);
        const { color, backgroundColor, borderTopColor } = getComputedStyle(part("face"));
        return {
          colours: [color, backgroundColor, borderTopColor],
          outlines: parts.map((name) => getComputedStyle(part(name)).outlineColor),
          generation: badge.explanation.generation,
        };
      }})(${JSON.stringify(parts)})`,
    );
    assert.deepEqual(looks, {
      colours: ["rgb(1, 2, 3)", "rgb(2, 2, 3)", "rgb(3, 2, 3)"],
      outlines: parts.map(() => "rgb(7, 8, 9)"),
      generation: "trial",
    });
    assert.equal(await page.evaluate("seen.at(-1)"), "trial");

    // Each attribute by its property, on an element that asks nothing.
    const properties = attributes.filter((name) => !["state", "explanation", "lang"].includes(name));
    const reflected = await page.evaluate(
      `(${(/** @type {string[]} */ properties) => {
        const badge = /** @type {any} */ (document.createElement("civitai-lock-badge"));
        return properties
          .filter((name) => !name.includes("-"))
          .map((name) => {
            const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
            badge[name] = typeof badge[name] === "boolean" ? true : "5";
            return [name, badge.getAttribute(dashed)];
          });
      }})(${JSON.stringify(properties)})`,
    );
    assert.deepEqual(Object.fromEntries(/** @type {any} */ (reflected)), {
      ...{ entityId: "5", modelId: "5", userId: "5", baseUrl: "5" },
      ...{ compact: "", quiet: "" },
    });
  });
});

describe("the command", () => {
  const text = section("The command").replaceAll("\n", " ");
  /** @param {string[]} args */
  const command = (...args) =>
    promisify(execFile)("npx", ["civitai-permissions", ...args], { cwd: project.folder }).then(
      ({ stdout }) => ({ stdout, code: 0 }),
      (/** @type {{ stdout: string, code: number }} */ { stdout, code }) => ({ stdout, code }),
    );
  /** @type {import("../helpers/stand-in.js").Session} */
  let site;
  before(() => {
    site = standIn.session("command");
  });

  test("its statuses", async () => {
    const [, said = ""] = /Exit status: ([^.]+)\./.exec(text) ?? [];
    const broken = standIn.session("command-broken");
    await broken.faults({ match: "permissions/check", status: 404 });
    /** @type {Record<string, string[]>} */
    const cases = {
      "all granted": ["2514310", "--base-url", site.baseUrl],
      "some denied": ["2402203", "--base-url", site.baseUrl],
      "some unknown": ["2514310", "--base-url", broken.baseUrl],
      "wrong use": ["--no-such-option"],
    };
    const pairs = said.split(", ").map((one) => /^(\d) (.*)$/.exec(one)?.slice(1) ?? []);
    assert.deepEqual(
      pairs.map(([, when]) => when),
      Object.keys(cases),
    );
    for (const [status, when = ""] of pairs)
      assert.equal((await command(...(cases[when] ?? []))).code, Number(status), when);
  });

  test("a file, and the options of --help", async () => {
    await writeFile(join(project.folder, "workflow.json"), '{ "model": "civitai:827184@2514310" }');
    assert.match((await command("workflow.json", "--base-url", site.baseUrl)).stdout, /^2514310 /m);
    assert.match((await command("--help")).stdout, /--json, --csv/);
  });

  test("the members of its JSON, and those of an Explanation", async () => {
    const { stdout } = await command("2514310", "2402203", "--json", "--base-url", site.baseUrl);
    const answer = JSON.parse(stdout);
    const [, listed = ""] = /`--json` prints `\{ ([^}]+) \}`/.exec(text) ?? [];
    assert.deepEqual(Object.keys(answer), listed.split(", "));
    const documented = [...named(section("What a verdict means"), "member"), "generation", "usable"];
    // What a failure alone has.
    const given = [...new Set(answer.versions.flatMap(Object.keys)), "error"];
    assert.deepEqual(sorted(documented), sorted(/** @type {string[]} */ (given)));
    const gates = [...between(types, "type Gate =", ";").matchAll(/"(\w+)"/g)].map(([, gate]) => gate);
    const [, gate = ""] =
      rows(section("What a verdict means"), "member").find(([cell]) => cell === "`gate`") ?? [];
    assert.deepEqual(codes(gate), gates);
  });

  test("the columns of its CSV", async () => {
    const { stdout } = await command("2514310", "--csv", "--base-url", site.baseUrl);
    const [, columns = ""] = /has the columns `([^`]+)`/.exec(text) ?? [];
    assert.equal(stdout.split("\r\n")[0], columns.replaceAll(" ", ""));
  });
});
