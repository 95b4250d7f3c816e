/** docker-compose.yml as data, validated to have the shape that the tests read. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  secrets: z.array(z.string()).optional(),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).optional(),
  network_mode: z.string().optional(),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  deploy: z.object({ replicas: z.int() }).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});

const composeFile = z.object({
  services: z.record(z.string(), service),
  configs: z.record(z.string(), z.object({ content: z.string() })),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  volumes: z.record(z.string(), z.null()),
});

export type ComposeService = z.infer<typeof service>;

export const composeText = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
export const compose = composeFile.parse(parse(composeText, { merge: true }));

export function serviceOf(name: string): ComposeService {
  const found = compose.services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
}

/**
 * Replaces each `${NAME:-default}` and `${NAME-default}` by its default, and `$$` by `$`, as Compose does without
 * variables.
 */
export function interpolate(text: string): string {
  return text.replace(/\$\{\w+:?-([^}]*)\}/g, '$1').replaceAll('$$', '$');
}
