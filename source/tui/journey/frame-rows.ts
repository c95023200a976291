/** The frames of a journey: their bytes, and the fields in them. */
import {cleanLine} from '../../client/clean-text.ts';
import {framesOf, type SentFrame} from '../../client/courses.ts';
import {explain, type Field, type Journey} from '../../client/journeys.ts';
import {truncate} from '../text/width.ts';
import {ordinal} from './time-words.ts';
import type {Piece, Row} from './timeline.ts';

type Selection = {
  readonly journey: Journey;
  /** Index of a frame; undefined: the newest. */
  readonly frame: number | undefined;
};

/** The fields of the selected frame. */
export function fieldsOf({journey, frame}: Selection): readonly Field[] {
  const bytes = selectedFrame(journey, frame)?.frame.bytes;
  return bytes === undefined ? [] : explain(journey, bytes);
}

export function selectedFrame(journey: Journey, index: number | undefined): SentFrame | undefined {
  const frames = framesOf(journey);
  return index === undefined ? frames.at(-1) : frames[index];
}

/** Which frame is selected. */
export function frameRow({journey, frame}: Selection, labelOf: (nick: string) => string): Row {
  const frames = framesOf(journey);
  const selected = selectedFrame(journey, frame);
  if (selected === undefined) return [{as: 'quiet', text: 'no frame was sent yet'}];
  const {length} = selected.frame;
  const size = `${length} byte${length === 1 ? '' : 's'}`;
  if (journey.kind === 'received') return [{as: 'quiet', text: `the frame, ${size}`}];
  const to = selected.course?.to;
  const number = (frame ?? frames.length - 1) + 1;
  const which = frames.length === 1 ? 'the frame' : `frame ${number} of ${frames.length}`;
  const reader = to === undefined ? 'the hub' : labelOf(to);
  const text = `${which}, ${ordinal(selected.attempt)} try to ${reader}, ${size}`;
  return [{as: 'quiet', text}];
}

/** The bytes, with the selected field in view and marked. */
export function hexRows(
  bytes: Uint8Array | undefined,
  field: Field | undefined,
  columns: number,
  rows: number,
): readonly Row[] {
  if (rows === 0) return [];
  if (bytes === undefined) return [[{as: 'quiet', text: 'its bytes are not kept'}]];
  const perRow = Math.max(1, Math.floor((columns - 2) / 3));
  const all = Math.ceil(bytes.length / perRow);
  const first = field === undefined ? -1 : field.firstBit >> 3;
  const end = field === undefined ? -1 : Math.ceil((field.firstBit + field.bits) / 8);
  const wanted = Math.max(0, Math.floor(first / perRow));
  const top = Math.max(0, Math.min(wanted, all - rows));
  return Array.from({length: Math.min(rows, all - top)}, (_, index) => {
    const start = (top + index) * perRow;
    const isLast = index === rows - 1 && top + rows < all;
    const row: Piece[] = [...bytes.subarray(start, start + perRow)].map((byte, offset) => {
      const at = start + offset;
      const isMarked = at >= first && at < end;
      const text = byte.toString(16).padStart(2, '0');
      return {as: isMarked ? 'selection' : 'text', text: `${text} `};
    });
    return isLast ? [...row, {as: 'quiet', text: '…'}] : row;
  });
}

/** They say what the frame is. */
const kinds: ReadonlySet<string> = new Set(['type', 'keyword']);
/** They say nothing but where others end. */
const separators: ReadonlySet<string> = new Set([
  'space',
  'CR LF',
  '#',
  'filling',
  'end of the line',
]);

/** The selected field; or all that say something, what the frame is first. */
export function fieldRow(fields: readonly Field[], index: number | undefined): Row {
  const field = index === undefined ? undefined : fields[index];
  if (field === undefined) {
    const told = fields.filter(({name}) => !separators.has(name));
    const kind = told.find(({name}) => kinds.has(name));
    const inOrder = kind === undefined ? told : [kind, ...told.filter(one => one !== kind)];
    const words = inOrder.map(({name, value}) => `${name} = ${cleanLine(value)}`);
    return [{as: 'quiet', text: words.join(' · ')}];
  }
  const {name, value, firstBit, bits} = field;
  const problem = name === 'not read';
  const size = bits % 8 === 0 ? bytesWords(bits / 8) : `${bits} bit${bits === 1 ? '' : 's'}`;
  return [
    {as: problem ? 'error' : 'accent', text: name},
    {as: 'text', text: ` = ${truncate(cleanLine(value), 60)}`},
    {as: 'quiet', text: `   ${size} at bit ${firstBit} · ${(index ?? 0) + 1} of ${fields.length}`},
  ];
}

function bytesWords(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
