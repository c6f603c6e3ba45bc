import { elementNumbers, selectedCount, type Selection } from './selection';
import { elementBytes, type TensorType } from './tensorType';
import { joinTexts, splitTexts } from './texts';

/** What a selection takes of a whole tensor, whose elements `data` holds as a server gives them. */
export function takeElements(type: TensorType, data: Uint8Array, selection: Selection): Uint8Array {
  if (type === 'STRING') {
    const texts = splitTexts(data);
    return joinTexts(Array.from(elementNumbers(selection), (number) => texts[number] ?? new Uint8Array()));
  }
  const bytes = elementBytes[type];
  const taken = new Uint8Array(bytes * selectedCount(selection));
  let to = 0;
  for (const number of elementNumbers(selection))
    for (let byte = number * bytes; byte < (number + 1) * bytes; byte++) taken[to++] = data[byte] ?? 0;
  return taken;
}
