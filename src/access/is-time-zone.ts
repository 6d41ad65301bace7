/**
 * Whether a name is a time zone of the IANA database. An offset such as `+02:00` is none, though Intl
 * takes it: it knows no summer.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false; // Intl says "no such zone" only by throwing.
  }
}
