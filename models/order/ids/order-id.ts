/**
 * Order ids begin with their second of creation by the database's clock. Lists by _id are therefore right on a machine
 * whose own clock is wrong.
 */
import { Types } from 'mongoose';

/** The last second that an ObjectId can hold, in 2106. */
const LAST_SECOND = 0xffff_ffff;

/** A new id of the second of `now`. Ids of one process and one second rise in the order of the calls. */
export function newOrderId(now: Date): Types.ObjectId {
  const second = firstIdOf(Math.floor(secondsOf(now)))
    .toHexString()
    .slice(0, 8);
  return new Types.ObjectId(second + new Types.ObjectId().toHexString().slice(8));
}

/** No order of this second or later has a lower id. Seconds outside of an ObjectId's range become the nearest one in it. */
export function firstIdOf(second: number): Types.ObjectId {
  return Types.ObjectId.createFromTime(Math.min(LAST_SECOND, Math.max(0, second)));
}

interface PlacedBetween {
  _id?: { $gte?: Types.ObjectId; $lt?: Types.ObjectId };
  createdAt?: { $gte?: Date; $lt?: Date };
}

/**
 * A filter of orders placed at or after `from` and before `to`. Whole seconds are a range of ids alone, which an index
 * answers; a fraction of a second is compared with createdAt besides.
 */
export function placedBetween(from: Date | undefined, to: Date | undefined): PlacedBetween {
  const ids = {
    ...(from === undefined ? {} : { $gte: firstIdOf(Math.floor(secondsOf(from))) }),
    ...(to === undefined ? {} : { $lt: firstIdOf(Math.ceil(secondsOf(to))) }),
  };
  const instants = {
    ...(isFraction(from) ? { $gte: from } : {}),
    ...(isFraction(to) ? { $lt: to } : {}),
  };
  return {
    ...(Object.keys(ids).length === 0 ? {} : { _id: ids }),
    ...(Object.keys(instants).length === 0 ? {} : { createdAt: instants }),
  };
}

const secondsOf = (at: Date): number => at.getTime() / 1000;

function isFraction(at: Date | undefined): at is Date {
  return at !== undefined && at.getTime() % 1000 !== 0;
}
