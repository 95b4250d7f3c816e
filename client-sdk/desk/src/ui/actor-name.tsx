import type { StaffActor } from '@orders-module/client';
import { ACTOR_WORDS } from './words.ts';

export function ActorName({ actor }: { actor: StaffActor }) {
  return actor.name === null ? ACTOR_WORDS[actor.kind] : <bdi>{actor.name}</bdi>;
}
