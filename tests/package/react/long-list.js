// A page with a row for each of many ids. Their states come from the hook, or from the plainest code without it.

import { PermissionChecker } from "civitai-permissions";
import { PermissionsProvider, usePermissions } from "civitai-permissions/react";
import { createElement as h, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

/** @param {number[]} asked */
function useModule(asked) {
  const { byId, pending } = usePermissions(asked);
  return { pending, stateOf: (id) => byId.get(id)?.state };
}

/** What one would write without the module. @param {string[]} asked the URLs of the requests that the module sends */
function useFetch(asked) {
  const [verdicts, setVerdicts] = useState(null);
  useEffect(() => {
    if (asked.length > 0) fetchAll(asked).then(setVerdicts);
  }, [asked]);
  return {
    pending: asked.length > 0 && !verdicts,
    stateOf: (id) => verdicts && (verdicts[id] ? "granted" : "denied"),
  };
}

/** As many requests under way at once as the module has them by default. */
const AT_ONCE = 4;

/** @param {string[]} urls */
async function fetchAll(urls) {
  const verdicts = {};
  const next = urls.values();
  const lane = async () => {
    for (const url of next) {
      const reply = await (await fetch(url)).json();
      if (url.includes("/permissions/check")) Object.assign(verdicts, reply);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return verdicts;
}

const hooks = { ours: useModule, bare: useFetch };

let settled = () => {};

function List({ ids, hook, asked }) {
  const { pending, stateOf } = hooks[hook](asked);
  useEffect(() => {
    if (!pending) settled();
  }, [pending]);
  drawing.begins(ids.length);
  return h(
    "ul",
    null,
    ids.map((id) => h(Row, { key: id, id, state: stateOf(id) })),
  );
}

function Row({ id, state }) {
  drawing.left -= 1;
  return h("li", null, `${id} ${state ?? "…"}`);
}

/**
 * Counts the page's own turns in the midst of a drawing. The page sends itself a message when a drawing begins, and
 * again whenever one arrives before all rows are drawn. If React draws them all in one go, none does.
 */
const drawing = {
  left: 0,
  turns: 0,
  channel: new MessageChannel(),
  begins(rows) {
    this.left = rows;
    this.channel.port2.postMessage(null);
  },
};
drawing.channel.port1.onmessage = () => {
  if (drawing.left === 0) return;
  drawing.turns += 1;
  drawing.channel.port2.postMessage(null);
};

const main = document.querySelector("main");
const root = createRoot(main);

/**
 * Draws the list without states, which is the page's own work, and then measures until the first states are on the
 * screen, and until the last are.
 * @param {"ours" | "bare"} hook @param {string} baseUrl @param {number[]} ids
 * @param {number[] | string[]} asked what the hook is given: the ids, or the URLs
 */
window.drawList = async (hook, baseUrl, ids, asked) => {
  const checker = new PermissionChecker({ baseUrl });
  const page = (asked) => h(PermissionsProvider, { checker }, h(List, { ids, hook, asked }));
  const drawn = async (asked) => {
    await new Promise((resolve) => {
      settled = resolve;
      root.render(page(asked));
    });
    await painted();
  };
  await drawn([]);
  await pause(200);

  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
  observer.observe({ type: "longtask" });
  drawing.turns = 0;
  const start = performance.now();
  const since = () => performance.now() - start;
  const first = changed().then(painted).then(since);
  await drawn(asked);
  const last = since();
  // A task is reported after its end.
  await pause(200);
  const rows = [...document.querySelectorAll("li")];
  return {
    first: await first,
    last,
    longest: Math.max(0, ...tasks.map(({ duration }) => duration)),
    turns: drawing.turns,
    granted: rows.filter((row) => row.textContent.endsWith(" granted")).length,
  };
};

/** Until a row's text changes. */
const changed = () =>
  new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(main, { subtree: true, characterData: true });
  });

/** A frame is painted after its callbacks. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
