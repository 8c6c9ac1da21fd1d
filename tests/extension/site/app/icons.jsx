/**
 * The icons, by the names and classes of the set that the site uses.
 *
 * @typedef {keyof typeof paths} IconName
 */

const paths = {
  "thumb-up": "M7 11v8h-4v-8h4l4-8a2 2 0 0 1 4 0v5h4a2 2 0 0 1 2 2l-1 6a2 3 0 0 1-2 3h-8a3 3 0 0 1-3-3",
  download: "M4 17v3h16v-3M7 11l5 5l5-5M12 4v12",
  brush: "M3 21v-4a4 4 0 1 1 4 4h-4M21 3a16 16 0 0 0-12.8 10.2M21 3a16 16 0 0 1-10.2 12.8",
  bookmark: "M18 7v14l-6-4l-6 4v-14a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4z",
  bolt: "M13 3v7h6l-8 11v-7h-6z",
  clock: "M3 12a9 9 0 1 0 18 0a9 9 0 0 0-18 0M12 7v5l3 3",
  lock: "M5 11h14v10h-14zM8 11v-4a4 4 0 1 1 8 0v4",
  "lock-dollar":
    "M13 21H7a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2h10M8 11V7a4 4 0 1 1 8 0v4M21 15h-2.5a1.5 1.5 0 0 0 0 3h1a1.5 1.5 0 0 1 0 3H17M19 21v1M19 14v1",
  "clock-dollar":
    "M20.9 13a9 9 0 1 0-7.9 7.9M12 7v5l2 2M21 15h-2.5a1.5 1.5 0 0 0 0 3h1a1.5 1.5 0 0 1 0 3H17M19 21v1M19 14v1",
  "circle-check": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M9 12l2 2l4-4",
  "chevron-left": "M15 6l-6 6l6 6",
  "chevron-right": "M9 6l6 6l-6 6",
  "dots-vertical": "M12 12h.01M12 19h.01M12 5h.01",
  "message-circle-2": "M3 20l1.3-3.9a9 8 0 1 1 3.4 2.9z",
  "sun-moon": "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  x: "M18 6l-12 12M6 6l12 12",
};

/** @param {{ name: IconName, size?: number, stroke?: number }} props */
export function Icon({ name, size = 16, stroke = 2 }) {
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={stroke}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`tabler-icon tabler-icon-${name}`}
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
