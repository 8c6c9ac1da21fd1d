// TanStack Query: a query for each row. The checker joins what is asked in one turn, so sixty rows are one request.

import { useQuery } from "@tanstack/react-query";
import { PermissionChecker } from "civitai-permissions";

// One for the app.
const checker = new PermissionChecker();

/**
 * @param {number} versionId
 * @param {{ userId?: number | null, checker?: PermissionChecker }} [options]
 */
export function usePermission(versionId, { userId = null, checker: own = checker } = {}) {
  return useQuery({
    queryKey: ["civitai-permissions", versionId, userId],
    queryFn: async ({ signal }) => {
      const [explanation] = await own.explain([versionId], { userId, signal });
      // No verdict is an error of this query, not an answer: it must not be kept as one.
      if (explanation.state === "unknown") throw explanation.error;
      return explanation;
    },
    // The checker has retried already.
    retry: false,
    staleTime: 60_000,
  });
}

/** @param {{ versionId: number, checker?: PermissionChecker }} props */
export function Row({ versionId, checker }) {
  const { data, error, isPending } = usePermission(versionId, { checker });
  if (isPending) return <li>{versionId}: …</li>;
  if (error)
    return (
      <li>
        {versionId}: not known, {error.message}
      </li>
    );
  return (
    <li>
      {versionId}: {data.generation}
    </li>
  );
}
