/**
 * Every address of the platform: who may call it, what it takes and what it answers. The OpenAPI document is made from this
 * table and nothing else; `readBody` refuses to parse with another schema than the one named here, and a test compares the
 * table with the routes that are really there.
 */
import { OPS_ROUTES } from './ops-route-table.ts';
import type { RouteDescription } from './route.types.ts';
import { TERMINAL_ROUTES } from './terminal-route-table.ts';

export const ROUTES: readonly RouteDescription[] = [...TERMINAL_ROUTES, ...OPS_ROUTES];

/** `url` as Fastify has it. */
export function findRoute(method: string, url: string | undefined): RouteDescription | undefined {
  return BY_ADDRESS.get(`${method} ${url ?? ''}`);
}

const BY_ADDRESS = new Map(ROUTES.map((route) => [`${route.method} ${route.url}`, route]));
