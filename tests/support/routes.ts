/**
 * Express's routes as data: what is mounted, however deep. Express keeps them in layers that its types do not show; this file
 * is the one that looks there, and gives nothing of what is mounted by a path prefix but the path below it.
 */

export interface Route {
  method: string;
  /** As it was registered, parameters by name. */
  path: string;
}

/** Every route below an app or a router, in the order of registration. */
export function routesOf(handler: unknown): Route[] {
  return layersOf(handler).flatMap((layer) => {
    const route = property(layer, 'route');
    return route === undefined ? routesOf(property(layer, 'handle')) : methodsOf(route);
  });
}

function methodsOf(route: unknown): Route[] {
  const path = property(route, 'path');
  const methods = property(route, 'methods');
  if (typeof path !== 'string' || typeof methods !== 'object' || methods === null)
    throw new Error('Express keeps its routes in another way than this file knows');
  return Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path }));
}

function layersOf(handler: unknown): unknown[] {
  const stack = property(handler, 'stack') ?? property(property(handler, 'router'), 'stack');
  return Array.isArray(stack) ? stack : [];
}

function property(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !(name in value))
    return undefined;
  return Reflect.get(value, name);
}
