// Right and wrong uses of the module's types: tsc checks that the right ones pass and the wrong ones do not.

import {
  type CheckOptions,
  checkPermissions,
  type EntityIdLike,
  type Explanation,
  findResources,
  init,
  isPermissionsError,
  type ModelVersions,
  PermissionChecker,
  PermissionsError,
  type PermissionsErrorCode,
  parseEntityId,
  parseLink,
  type Resource,
  type Verdict,
  type Verdicts,
} from "civitai-permissions";
import { currentUser } from "civitai-permissions/server";

export async function right(): Promise<void> {
  const verdicts: Verdicts = await checkPermissions([2514310, "2514310", 2514310n], {
    userId: null,
    timeout: 5,
  });
  const granted: boolean | undefined = verdicts[2514310];
  await checkPermissions(new Set([1]), { signal: AbortSignal.timeout(5), fetch, entityType: "ModelVersion" });
  const ids: readonly EntityIdLike[] = [1, "2"];
  const options: CheckOptions = { permission: "Generate", fresh: granted === true };

  const checker = new PermissionChecker({ baseUrl: "https://civitai.com", maxAge: 0 });
  await checker.check(ids, options);
  for await (const verdict of checker.stream(ids)) described(verdict);
  const explanations: Explanation[] = await checker.explain(ids);
  for await (const batch of checker.streamBatches(ids, { notOwned: true, userId: "12345" }))
    batch.forEach(described);
  for await (const some of checker.explainStream(ids, { bulk: true, signal: null }))
    for (const { complete, incomplete, generation, usable } of some)
      console.log(complete, incomplete?.code, generation, usable);
  const versions: ModelVersions[] = await checker.versions([827184, "https://civitai.com/models/827184"]);
  const found: Resource[] = findResources({ model: "civitai:1@2" });
  const link: { modelId: number | null; entityId: number | null } | null = parseLink("civitai.com/models/1");
  const fixture: Verdict = {
    entityId: 1,
    state: "unknown",
    error: new PermissionsError("x", { code: "HTTP", status: 503 }),
  };
  new PermissionChecker({ baseUrl: new URL("https://civitai.com"), fetch: globalThis.fetch });
  new PermissionChecker({ fetch: async (url) => Response.json({ [url]: true }) });
  await init();
  await init(new Uint8Array());
  console.log(found[0]?.entityId, link?.modelId, fixture.error.toJSON());
  const back: boolean = checker.restore(checker.snapshot());
  checker.clear();
  checker.clear(ids);
  checker[Symbol.dispose]();
  using scoped = new PermissionChecker();
  await scoped.check(ids);
  const id: number = parseEntityId("civitai:1@2");
  const { username }: { username: string } = await currentUser({ token: "x", signal: null });
  console.log(explanations[0]?.gate, versions[0]?.versions[0]?.endsAt, back, id, username);
}

function described(verdict: Verdict): boolean | PermissionsErrorCode {
  switch (verdict.state) {
    case "granted":
      return verdict.personal;
    case "denied":
      // @ts-expect-error a denial is nobody's in particular
      return verdict.personal;
    case "unknown":
      return verdict.error.code;
  }
}

export function caught(error: unknown): readonly number[] {
  if (!isPermissionsError(error)) return [];
  const retryAfter: number | undefined = error.retryAfter;
  const code: PermissionsErrorCode = error.code;
  // @ts-expect-error codes are a closed list
  const other: boolean = error.code === "TEAPOT";
  // @ts-expect-error read only
  error.unknown = [];
  console.log(retryAfter, code, other, error instanceof PermissionsError);
  return error.unknown;
}

export async function wrong(): Promise<void> {
  // @ts-expect-error a lone string is not a list
  await checkPermissions("2514310");
  // @ts-expect-error neither is a number
  await checkPermissions(2514310);
  // @ts-expect-error an id is not an object
  await checkPermissions([{ id: 1 }]);
  // @ts-expect-error misspelt
  await checkPermissions([1], { usrId: 1 });
  // @ts-expect-error no token
  await checkPermissions([1], { token: "x" });
  // @ts-expect-error an id is no object
  await checkPermissions([1], { userId: { id: 5 } });
  // @ts-expect-error the only value is ModelVersion
  await checkPermissions([1], { entityType: "Model" });
  // @ts-expect-error the user belongs to the call
  new PermissionChecker({ userId: 5 });
  const checker = new PermissionChecker();
  // @ts-expect-error the base URL belongs to the checker
  await checker.check([1], { baseUrl: "https://civitai.com" });
  // @ts-expect-error a lone string is not a list
  await checker.versions("827184");
  // @ts-expect-error codes are a closed list
  new PermissionsError("x", { code: "TEAPOT" });
  // @ts-expect-error an id without a verdict is not denied
  const locked: boolean = (await checkPermissions([1]))[2];
  console.log(locked);
  // @ts-expect-error a token is needed
  await currentUser({});
}
