export const HISTORY_DAYS = 60;

/** When a shop opens whose history ends then. The sandbox must stand there when it starts, because it counts its payouts from then. */
export const openingTime = (endsAt: Date): number => endsAt.getTime() - (HISTORY_DAYS + 1) * 24 * 3600_000;
