/*
 * What Kit and our own code call and Chrome 86 to 97 or iOS 14 to 15.3 lack
 * (docs/decisions/0020-old-browsers.md). Imported for its effect, before anything else runs.
 */

function fill(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

fill(Object, 'hasOwn', (object: object, key: PropertyKey) =>
  Object.prototype.hasOwnProperty.call(object, key),
);

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const whole = Math.trunc(index) || 0;
  return this[whole < 0 ? this.length + whole : whole];
}
fill(Array.prototype, 'at', at);
fill(String.prototype, 'at', at);

function findLast<T>(this: T[], test: (item: T, index: number, all: T[]) => boolean): T | undefined {
  for (let index = this.length - 1; index >= 0; index--) {
    const item = this[index] as T;
    if (test(item, index, this)) return item;
  }
  return undefined;
}
fill(Array.prototype, 'findLast', findLast);
