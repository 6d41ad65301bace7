/** What one option has to be. */
export interface OptionRule {
  holds(value: unknown): boolean;
  /** Says what it must be. Made of the value only where that is no secret, such as a base URL. */
  readonly message: string | ((value: unknown) => string);
  /** Default: it may be absent. */
  readonly required?: boolean;
}

/** The rule for something that is handed in and called. */
export const hasMethods = (...names: readonly string[]): OptionRule => ({
  holds: (value) => names.every((name) => typeof Object(value)[name] === 'function'),
  message: `must be an object with ${names.map((name) => `${name}()`).join(', ')}`,
});

/** The rule for a function. */
export const callback: OptionRule = {
  holds: (value) => typeof value === 'function',
  message: 'must be a function',
};

/** The rule for an integer within bounds. */
export const integer = (min: number, max: number): OptionRule => ({
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  message: `must be an integer from ${min} to ${max}`,
});

/** The rule for one of a few values. */
export const oneOf = (...values: readonly unknown[]): OptionRule => ({
  holds: (value) => values.includes(value),
  message: `must be one of: ${values.join(', ')}`,
});
