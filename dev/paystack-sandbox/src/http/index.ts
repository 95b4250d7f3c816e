/** The parts of the sandbox's HTTP server that a fake of another provider can use as well. */
export { escapeHtml } from './escape-html.ts';
export {
  type InjectedFault,
  injectedFaultSchema,
  injectFault,
  isCarriedOutByDefault,
  type PlainReply,
  pauseFor,
} from './fault-injection.ts';
export { closeServer, isBodyError, listenOnLoopback, onlyThisMachine } from './loopback-server.ts';
