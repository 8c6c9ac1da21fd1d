// A Cloudflare worker that answers what is gated for everybody, behind its own cache: a list that many people look at
// costs Civitai one question a minute for each place of the edge.
//
//   GET /?ids=2514310,2402203  →  {"2402203":false,"2514310":true}

import { checkPermissions, isPermissionsError, parseEntityId } from "civitai-permissions";

const CACHED_S = 60;

export default {
  /** @param {Request} request @param {{ BASE_URL?: string }} env @param {{ waitUntil: (promise: Promise<unknown>) => void }} context */
  async fetch(request, env, context) {
    const { origin, searchParams } = new URL(request.url);
    try {
      const ids = (searchParams.get("ids") ?? "").split(",").map(parseEntityId);
      // One key for one question, in whatever order and form it came.
      const key = `${origin}/?ids=${[...new Set(ids)].sort((a, b) => a - b)}`;
      const cached = await caches.default.match(key);
      if (cached) return cached;

      const baseUrl = env.BASE_URL ?? "https://civitai.com";
      const verdicts = await checkPermissions(ids, { baseUrl, signal: request.signal });
      const response = Response.json(verdicts, { headers: { "Cache-Control": `s-maxage=${CACHED_S}` } });
      context.waitUntil(caches.default.put(key, response.clone()));
      return response;
    } catch (error) {
      if (!isPermissionsError(error)) throw error;
      // Not cached: a failure says nothing about the next question.
      const { code, message, verdicts, unknown } = error;
      const status = code === "INVALID_ARGUMENT" ? 400 : 502;
      return Response.json({ code, message, verdicts, unknown }, { status });
    }
  },
};
