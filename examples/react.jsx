// React: what one may generate with, for anyone or for one user.

import { PermissionChecker } from "civitai-permissions";
import { PermissionsProvider, usePermissions } from "civitai-permissions/react";
import { useState } from "react";

// One for the app, outside the components: it joins requests and caches verdicts. It starts nothing yet.
const checker = new PermissionChecker();

/** @param {{ ids: number[], checker?: PermissionChecker }} props */
export function App({ ids, checker: own = checker }) {
  return (
    <PermissionsProvider checker={own}>
      <Versions ids={ids} />
    </PermissionsProvider>
  );
}

/** @param {{ ids: number[] }} props */
function Versions({ ids }) {
  const [userId, setUserId] = useState(/** @type {string | null} */ (null));
  const { byId, pending, error, retry } = usePermissions(ids, { userId });
  return (
    <>
      <UserField onUser={setUserId} />
      <ul aria-busy={pending}>
        {ids.map((id) => (
          <li key={id}>
            {id}: {byId.get(id)?.generation ?? "…"}
          </li>
        ))}
      </ul>
      {error && (
        <p role="alert">
          {error.message}{" "}
          <button type="button" onClick={retry}>
            Try again
          </button>
        </p>
      )}
    </>
  );
}

/**
 * The user is asked for on submit. A field bound to `usePermissions` directly would ask for a user at each key: whoever
 * types 20002 would ask for the users 2, 20, 200 and 2000 as well, who are strangers.
 * @param {{ onUser: (userId: string | null) => void }} props
 */
function UserField({ onUser }) {
  /** @param {FormData} form */
  const submit = (form) => onUser(String(form.get("user")).trim() || null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      <label>
        User number <input name="user" inputMode="numeric" />
      </label>
      {/* Nobody knows theirs by heart. */}
      <small>Signed in, it stands at civitai.com/api/v1/me, after “id”.</small>
      <button type="submit">Ask</button>
    </form>
  );
}
