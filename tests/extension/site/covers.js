/**
 * A drawn cover, the same for the same number.
 *
 * @param {number} id
 * @returns {string} SVG
 */
export function cover(id) {
  const hue = (id * 47) % 360;
  const shift = (id * 13) % 180;
  const hills = [0, 1, 2].map((at) => {
    const top = 300 + at * 70 + ((id >> at) % 40);
    return `<path fill="hsl(${hue + at * 18} 45% ${34 - at * 9}%)" d="M0 ${top}q112 -${70 + at * 10} 225 0t225 0v400H0z"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 450 580" preserveAspectRatio="xMidYMid slice">
<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="hsl(${hue} 60% 62%)"/><stop offset="1" stop-color="hsl(${hue + 50} 55% 40%)"/></linearGradient></defs>
<rect width="450" height="580" fill="url(#sky)"/><circle cx="${120 + shift}" cy="${130 + (id % 60)}" r="46" fill="hsl(${hue + 40} 90% 82%)"/>${hills.join("")}</svg>`;
}
