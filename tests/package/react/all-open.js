// A server that answers as Civitai's API does where every version is open, and each has a model of its own. In the
// stand-in's crowd every fifth is gated: those are asked about one by one, and 2,000 requests would hide the drawing.

import { startServer } from "../../helpers/repository.js";

/** @returns {Promise<{ url: string, asked: string[], close: () => void }>} `asked`: the URLs so far */
export async function startAllOpen() {
  /** @type {string[]} */
  const asked = [];
  const { url, close } = await startServer((request, response) => {
    const { href, searchParams } = new URL(request.url ?? "/", url);
    asked.push(href);
    const checked = searchParams.get("entityIds")?.split(",");
    const listed = searchParams.get("modelVersionIds")?.split(",").map(Number) ?? [];
    const body = checked
      ? Object.fromEntries(checked.map((id) => [id, true]))
      : { items: listed.map(model), metadata: {} };
    response
      .writeHead(200, {
        "Content-Type": "application/json",
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
      })
      .end(JSON.stringify(body));
  });
  return { url, asked, close };
}

/** @param {number} id */
const model = (id) => ({
  ...{ id, name: `Model ${id}`, type: "LORA", availability: "Public", supportsGeneration: true },
  modelVersions: [{ id, name: "v1", availability: "Public", paidAccess: null, supportsGeneration: true }],
});
