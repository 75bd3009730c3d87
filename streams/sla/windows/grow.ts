/** An array of numbers of fixed width with room for so many, a quarter more than was there, with what was in it. */
export function grown<T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(array: T, size: number): T {
  if (array.length >= size) return array;
  const room = Math.max(16, size, Math.ceil(array.length * 1.25));
  const larger = new (array.constructor as new (length: number) => T)(room);
  larger.set(array);
  return larger;
}
