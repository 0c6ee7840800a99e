import { expect, it } from 'vitest';
import { alikeReason, type ComparedPerson } from '../../server/identity/alike.ts';
import { checkCharacterOf } from '../../server/identity/id-number.ts';

const idNumber = (digits: string) => digits + checkCharacterOf(digits);
const VILLAGE = '533103104201';
const someone = (change: Partial<ComparedPerson> = {}): ComparedPerson => ({
  ...{ nameHash: 'n', phoneHash: null, homeRegionCode: VILLAGE, idNumber: null },
  ...change,
});
const A = idNumber('53310319900101001');
const ONE_APART = idNumber('53310319900101007');
const TWO_APART = idNumber('53310319900102007');

it.each<[string, ComparedPerson, ComparedPerson, string | undefined]>([
  ['two names', someone(), someone({ nameHash: 'm' }), undefined],
  ['no names left', someone({ nameHash: null }), someone({ nameHash: null }), undefined],
  ['one phone', someone({ phoneHash: 'p' }), someone({ phoneHash: 'p', homeRegionCode: '533124' }), 'phone'],
  ['one village, one phone', someone({ phoneHash: 'p' }), someone(), 'village'],
  ['one village, two phones', someone({ phoneHash: 'p' }), someone({ phoneHash: 'q' }), undefined],
  [
    'one county only',
    someone({ homeRegionCode: '533103' }),
    someone({ homeRegionCode: '533103' }),
    undefined,
  ],
  ['one digit mistyped', someone({ idNumber: A }), someone({ idNumber: ONE_APART }), 'id-number'],
  [
    'two ID numbers, one phone',
    someone({ idNumber: A, phoneHash: 'p' }),
    someone({ idNumber: TWO_APART, phoneHash: 'p' }),
    undefined,
  ],
  ['one ID number known', someone({ idNumber: A, phoneHash: 'p' }), someone({ phoneHash: 'p' }), 'phone'],
])('%s', (_, a, b, reason) => {
  expect(alikeReason(a, b)).toBe(reason);
  expect(alikeReason(b, a)).toBe(reason);
});
