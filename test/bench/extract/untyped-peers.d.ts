// Only what the benchmark calls of packages that bring no types, or none that resolve.
declare module 'email-regex-safe' {
  export default function emailRegexSafe(): RegExp;
}
declare module 'extract-email-address' {
  export function extractEmail(input: string): readonly { readonly email: string }[];
}
declare module 'linkifyjs' {
  export function find(text: string, type: 'email'): readonly { readonly value: string }[];
}
