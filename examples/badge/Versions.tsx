// React 19: the element as it is, with typed attributes. Any version number, link or AIR will do.

import "civitai-permissions/badge/react";
import { useEffect, useRef, useState } from "react";

export function Versions({ ids, baseUrl }: { ids: (number | string)[]; baseUrl?: string }) {
  const [userId, setUserId] = useState<number | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const usable = useUsable(list);
  return (
    <main>
      <h1>Versions</h1>
      <ul ref={list}>
        {ids.map((id) => (
          <li key={id}>
            {id} <civitai-lock-badge entity-id={id} user-id={userId} base-url={baseUrl} />
          </li>
        ))}
      </ul>
      <p>Usable: {usable}</p>
      <button type="button" onClick={() => setUserId(12345)}>
        As user 12345
      </button>
    </main>
  );
}

/** How many of the badges in an element can be used. Their event bubbles, so that one listener serves all. */
function useUsable(list: React.RefObject<HTMLElement | null>) {
  const [usable, setUsable] = useState(0);
  useEffect(() => {
    const count = () => {
      const badges = [...(list.current?.querySelectorAll("civitai-lock-badge") ?? [])];
      setUsable(badges.filter(({ explanation }) => explanation?.usable).length);
    };
    const element = list.current;
    count();
    element?.addEventListener("statechange", count);
    return () => element?.removeEventListener("statechange", count);
  }, [list]);
  return usable;
}
