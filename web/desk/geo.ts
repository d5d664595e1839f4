// Places on earth, without a map: how far, which is nearest, how a point is written.
export interface Point { latitude: number; longitude: number }

const EARTH_M = 6_371_000;
const rad = (degrees: number) => degrees * Math.PI / 180;

/** Haversine, as the service has it (src/domain/distance.c). */
export function distanceM(one: Point, other: Point): number {
  const a = Math.sin(rad(other.latitude - one.latitude) / 2) ** 2
    + Math.cos(rad(one.latitude)) * Math.cos(rad(other.latitude)) * Math.sin(rad(other.longitude - one.longitude) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(a));
}

export function nearest<T extends Point>(from: Point, all: T[]): { one: T; metres: number } | null {
  const far = all.map((one) => ({ one, metres: distanceM(from, one) })).sort((a, b) => a.metres - b.metres);
  return far[0] ?? null;
}

/** "33.87040, 109.91870": a metre, in the order that other maps take. */
export const pointText = ({ latitude, longitude }: Point) => `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;

export const distanceText = (metres: number) => (metres < 950 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`);

/** Six digits are a tenth of a metre: no more is worth keeping of what a hand has set. */
export const rounded = ({ latitude, longitude }: Point): Point => ({ latitude: Number(latitude.toFixed(6)), longitude: Number((((longitude + 540) % 360) - 180).toFixed(6)) });
