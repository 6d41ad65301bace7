import type { PasteCase } from '../paste-case.ts';
import * as addressLines from './address-lines.ts';
import * as boundaries from './boundaries.ts';
import * as characters from './characters.ts';
import * as chatAndLinks from './chat-and-links.ts';
import * as exportedTexts from './exports.ts';
import * as formats from './formats.ts';
import * as mailClients from './mail-clients.ts';
import * as malformed from './malformed.ts';
import * as motherTongues from './mother-tongues.ts';
import * as notAddresses from './not-addresses.ts';
import * as office from './office.ts';
import * as people from './people.ts';
import * as piecesOfWords from './pieces-of-words.ts';
import * as refusals from './refusals.ts';
import { rulings } from './rulings.ts';
import * as scripts from './scripts.ts';
import * as sourceTexts from './source-texts.ts';
import * as spelledCharacters from './spelled-characters.ts';
import * as systems from './systems.ts';
import * as tables from './tables.ts';
import * as web from './web.ts';

/** Every paste, by kind. */
export const pasteCases: Readonly<Record<string, readonly PasteCase[]>> = {
  rulings: Object.entries(rulings).map(([ruling, [text, people, expectation]]) => [
    text,
    people,
    { ...expectation, ruling },
  ]),
  ...mailClients,
  ...tables,
  ...formats,
  ...chatAndLinks,
  ...characters,
  ...scripts,
  ...notAddresses,
  ...malformed,
  ...people,
  ...office,
  ...systems,
  ...web,
  ...addressLines,
  ...motherTongues,
  ...refusals,
  ...sourceTexts,
  ...spelledCharacters,
  ...exportedTexts,
  ...boundaries,
  ...piecesOfWords,
};
