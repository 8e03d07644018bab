// The station's clock, wherever the phone believes to be: one zone, and no summer time since 1991.
const AHEAD = 8 * 3_600_000;
const DAY = 86_400_000;

// The midnight that ends today, or the so many-th day with today as the first.
export const dayEnd = (at, days = 1) => (Math.floor((at + AHEAD) / DAY) + days) * DAY - AHEAD;

// What a field for date and time shows, and what was meant by it.
export const wallTime = (at) => new Date(at + AHEAD).toISOString().slice(0, 16);
export const fromWallTime = (text) => Date.parse(`${text}+08:00`);
