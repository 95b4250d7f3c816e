/**
 * Express's routes as data. Express keeps them in layers that its types omit, and only this file reads those. A router
 * mounted below a path prefix is listed without the prefix.
 */

export interface Route {
  method: string;
  /** The path as registered, with parameters by name. */
  path: string;
}

/** All routes below an app or a router, in the order of registration. */
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
