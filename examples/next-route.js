// Next.js, app/api/workflow/route.js: which resources of a workflow are blocked, and why, before it is sent.

import { findResources, isPermissionsError, PermissionChecker } from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";

const { CIVITAI_TOKEN: token, BASE_URL: baseUrl = "https://civitai.com" } = process.env;

// One for the server: requests share what it has cached, which is bounded.
const checker = new PermissionChecker({ baseUrl });

/** @param {Request} request its body is the workflow */
export async function POST(request) {
  const resources = findResources(await request.json());
  try {
    // Whose permissions count: those of the account that the workflow will be sent with.
    const userId = token ? (await currentUser({ token, baseUrl })).id : null;
    const ids = resources.flatMap(({ entityId }) => entityId ?? []);
    const explanations = await checker.explain(ids, { userId, signal: request.signal });
    const byId = new Map(explanations.map((explanation) => [explanation.entityId, explanation]));

    const report = resources.map(({ text, entityId, source }) => {
      if (entityId === null)
        return { text, usable: null, reason: source === "civitai" ? "no version" : `of ${source}` };
      const { usable, generation, endsAt, freeTrials, modelName, versionName } = byId.get(entityId);
      return {
        text,
        usable,
        reason: generation,
        endsAt,
        freeTrials,
        name: modelName && `${modelName}, ${versionName}`,
      };
    });
    // `null` is "not known": neither a yes nor a no.
    const blocked = report.filter(({ usable }) => usable === false);
    return Response.json({ blocked, resources: report }, { status: blocked.length > 0 ? 403 : 200 });
  } catch (error) {
    if (!isPermissionsError(error)) throw error;
    return Response.json(error, { status: error.code === "INVALID_ARGUMENT" ? 400 : 502 });
  }
}
