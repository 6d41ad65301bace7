import { isAtSign } from './at-signs.ts';
import { wideKind } from './characters.ts';
import { wideBlankByte, wideBoundaryByte, wideByte } from './plain-characters.ts';

const size = 16_384;
// More than an address can take on either side of its at sign.
const reach = 256;
const lineBreak = 0x0a;
const noBreakSpace = 0xa0;
const wideSpace = 0x3000;

/**
 * The part of a text that is being read, one byte for each code unit. Bytes are read several times
 * as fast as a text, and the platform copies them in next to no time.
 */
export class ByteWindow {
  /** Begins and ends with a line break that is not in the text. */
  readonly bytes: Uint8Array;
  /** Of `bytes`. */
  readonly view: DataView;
  readonly textLength: number;
  private readonly text: string;
  private readonly body: Uint8Array;
  private readonly encoder = new TextEncoder();
  // Where in the text the first byte would be.
  private start = 0;
  private end = 0;

  constructor(text: string) {
    this.text = text;
    this.textLength = text.length;
    // What is looked for at the end of a text may be longer than what is there.
    this.bytes = new Uint8Array(Math.min(text.length, size) + 2 + reach);
    this.view = new DataView(this.bytes.buffer);
    this.body = this.bytes.subarray(1);
    this.bytes[0] = lineBreak;
  }

  /**
   * Where in `bytes` the position `at` is, with all that an address around it can take. Positions
   * must be asked for in rising order.
   */
  placeOf(at: number): number {
    if (Math.min(at + reach, this.text.length) > this.end) this.load(Math.max(at - reach, 0));
    return at - this.start;
  }

  /** What the text has at a place in `bytes`. */
  textAt(place: number, length: number): string {
    return this.text.slice(this.start + place, this.start + place + length);
  }

  private load(start: number): void {
    const part = this.text.slice(start, start + size);
    this.start = start - 1;
    this.end = start + part.length;
    const { read, written } = this.encoder.encodeInto(part, this.body);
    // A code unit beyond ASCII takes more than one byte.
    if (read !== part.length || written !== part.length) this.copy(part);
    this.body[part.length] = lineBreak;
  }

  private copy(part: string): void {
    for (let index = 0; index < part.length; index++) {
      const code = part.charCodeAt(index);
      this.body[index] = code < 128 ? code : byteOf(code);
    }
  }
}

// Blanks and at signs end a run, too, but an address may go on behind them.
function byteOf(code: number): number {
  if (code === noBreakSpace || code === wideSpace) return wideBlankByte;
  if (isAtSign(code)) return wideByte;
  return wideKind(code) === 'boundary' ? wideBoundaryByte : wideByte;
}
