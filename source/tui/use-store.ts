import {useSyncExternalStore} from 'react';
import type {Store} from './store.ts';

export function useStore<Value>({subscribe, get}: Store<Value>): Value {
  return useSyncExternalStore(subscribe, get);
}

/** Subscribes to a part of a value: a component is drawn again only when that part changes. */
export function useSelection<Value, Part extends number | string>(
  {subscribe, get}: Store<Value>,
  select: (value: Value) => Part,
): Part {
  return useSyncExternalStore(subscribe, () => select(get()));
}
