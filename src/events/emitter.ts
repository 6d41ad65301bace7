import mitt from 'mitt';
import type { EventMap, EventName } from './event-map.ts';

/** Receives an event. May be async; what it throws goes to `onError`, never to the caller. */
export type EventListener<Name extends EventName> = (event: EventMap[Name]) => void | Promise<void>;

/** Typed events, in which one bad listener disturbs neither the call nor the other listeners. */
export interface EventEmitter {
  /** Subscribes; the returned function unsubscribes. */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): () => void;
  emit<Name extends EventName>(name: Name, event: EventMap[Name]): void;
}

/** Creates an emitter that reports what listeners throw or reject with. */
export function createEmitter(onError: (error: unknown) => void): EventEmitter {
  const emitter = mitt<{ [Name in EventName]: EventMap[Name] }>();
  return {
    on(name, listener) {
      // `async` turns a synchronous throw into a rejection too, so one handler catches both. `await`
      // sees a rejection even when the promise has a `then` of its own.
      const isolated = (event: Parameters<typeof listener>[0]) => {
        const call = async () => {
          await listener(event);
        };
        call().catch(onError);
      };
      emitter.on(name, isolated);
      return () => emitter.off(name, isolated);
    },
    emit(name, event) {
      emitter.emit(name, event);
    },
  };
}
