/** Whether a text is a phone number in E.164 form (ITU-T E.164: at most 15 digits, no leading 0). */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text);
}
