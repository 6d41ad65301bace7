import { OrgUserManagerError } from '../errors/index.ts';
import type { HeldReservation } from '../model/open-reservation.ts';
import { equalMacs, secretKey } from './secret-key.ts';

/** Signed tokens that carry a reservation to the process that settles it. */
export interface ReservationTokens {
  /** The token of a reservation. */
  encode(reservation: HeldReservation): string;
  /** Throws `invalid_reservation`. */
  decode(token: string): HeldReservation;
}

/** Creates the tokens of one list of secrets; the first one signs, all of them verify. */
export function createReservationTokens(
  secrets: readonly [string, ...string[]],
): ReservationTokens {
  const [signing, ...older] = [secretKey(secrets[0]), ...secrets.slice(1).map(secretKey)];
  const macOf = (key: typeof signing, reservation: string) =>
    key.mac('reservation/v1', [reservation]).subarray(0, 16);
  return {
    encode(reservation) {
      const json = JSON.stringify(reservation);
      const payload = Buffer.from(json).toString('base64url');
      return `${payload}.${macOf(signing, json).toString('base64url')}`;
    },
    decode(token) {
      const [payload = '', signature = ''] = token.split('.');
      const json = Buffer.from(payload, 'base64url').toString();
      const mac = Buffer.from(signature, 'base64url');
      const isGenuine =
        mac.length === 16 && [signing, ...older].some((key) => equalMacs(mac, macOf(key, json)));
      if (!isGenuine) throw new OrgUserManagerError('invalid_reservation', {});
      // It is what we signed, so it is what we wrote.
      return JSON.parse(json);
    },
  };
}
