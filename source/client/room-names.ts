import {roomKey} from '../names/key.ts';
import {markedLabel, nameLabel, needsMark} from '../names/label.ts';
import type {ListedRoom} from '../protocols/protocol.ts';

type Rooms = readonly ListedRoom[];

/** The label of each room of a list, by its exact name. No two look alike. */
export function roomLabels(rooms: Rooms): ReadonlyMap<string, string> {
  const known = labelled.get(rooms);
  if (known !== undefined) return known;
  const labels = new Map<string, string>();
  const marks = new Map<string, number>();
  for (const {name} of rooms) {
    if (labels.has(name)) continue;
    const label = nameLabel(name);
    const number = marks.get(label) ?? (needsMark(label) ? 1 : 0);
    marks.set(label, number + 1);
    labels.set(name, number === 0 ? label : markedLabel(label, number + 1));
  }
  labelled.set(rooms, labels);
  return labels;
}

const labelled = new WeakMap<Rooms, ReadonlyMap<string, string>>();

/** The exact name of the room that was typed: by its name, by its label, or in another case. */
export function findRoom(typed: string, rooms: Rooms): string {
  const labels = roomLabels(rooms);
  if (labels.has(typed)) return typed;
  const same = (text: (name: string, label: string) => string, wanted: string) =>
    [...labels].find(([name, label]) => text(name, label) === wanted)?.[0];
  return (
    same((_name, label) => label, typed) ?? same(name => roomKey(name), roomKey(typed)) ?? typed
  );
}
