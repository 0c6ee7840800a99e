import { describe, expect, it } from 'vitest';
import { EVERYWHERE, type Caller, type Grant, type Role } from '../../server/platform/access/actor.ts';
import { addressKey } from '../../server/platform/address-key.ts';
import { checkCharacterOf, isIdNumber, normaliseIdNumber } from '../../server/identity/id-number.ts';
import { maskIdNumber, maskName, maskNameForClass, maskPhone } from '../../server/identity/masking.ts';
import { isUsername, normaliseName, normaliseUsername } from '../../server/identity/names.ts';
import { faultOfPassword } from '../../server/identity/passwords.ts';
import { normalisePhone } from '../../server/identity/phone.ts';
import {
  mayResetHolderOf,
  missingForSource,
  roleFitsLevel,
  sectionsFor,
  type GrantLevel,
} from '../../server/identity/rules.ts';

describe('masking', () => {
  it.each([
    ['13812341234', '138****1234'],
    ['1381234', '*******'],
  ])('phone %s → %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked));

  it.each([
    ['353101199001010123', '35*************123'],
    ['35310', '*****'],
  ])('ID number %s → %s', (idNumber, masked) => expect(maskIdNumber(idNumber)).toBe(masked));

  it.each([
    ['岩罕亮', '岩*亮'],
    ['岩亮', '岩*'],
    ['岩', '*'],
    ['欧阳娜娜', '欧**娜'],
    ['阿卜杜·热合曼', '阿**曼'],
    ['𠮷野家', '𠮷*家'],
    ['Li Ming', 'L*** M***'],
    ["D'Arcy", 'D***'],
    ['岩'.repeat(30), '岩**岩'],
  ])('name %s → %s', (name, masked) => expect(maskName(name)).toBe(masked));

  it.each([
    ['岩罕亮', '岩**'],
    ['𠮷野家', '𠮷**'],
    ['', '**'],
  ])('in a class %s → %s', (name, shown) => expect(maskNameForClass(name)).toBe(shown));
});

describe('ID numbers (GB 11643)', () => {
  it.each([
    ['11010519491231002X', true],
    ['440524188001010014', false],
    ['53310319900101001' + checkCharacterOf('53310319900101001'), true],
    ['110105194912310021', false],
    ['11010519490231002X', false],
    ['11010519491331002X', false],
    ['91010519491231002X', false],
    ['110105491231002', false],
    ['', false],
  ])('%s: %s', (text, valid) => expect(isIdNumber(text)).toBe(valid));

  it('refuses every change of one digit', () => {
    const good = '11010519491231002X';
    for (let at = 0; at < 17; at += 1)
      for (const digit of '0123456789'.replace(good[at]!, ''))
        expect(isIdNumber(good.slice(0, at) + digit + good.slice(at + 1))).toBe(false);
  });

  it('takes what people type', () =>
    expect(normaliseIdNumber(' １１０１０５ 19491231 002x ')).toBe('11010519491231002X'));
});

describe('phones', () => {
  it.each([
    ['13812341234', '13812341234'],
    ['+86 138-1234-1234', '13812341234'],
    ['008613812341234', '13812341234'],
    ['86 13812341234', '13812341234'],
    ['１３８１２３４１２３４', '13812341234'],
    ['(138) 1234 1234', '13812341234'],
    ['12812341234', undefined],
    ['1381234123', undefined],
    ['0692-2112345', undefined],
    ['yan.liang', undefined],
  ])('%s → %s', (text, phone) => expect(normalisePhone(text)).toBe(phone));
});

describe('names', () => {
  it.each([
    [' 岩 罕亮 ', '岩罕亮'],
    ['阿卜杜•热合曼', '阿卜杜·热合曼'],
    ['Li   Ming', 'Li Ming'],
  ])('%s → %s', (text, name) => expect(normaliseName(text)).toBe(name));

  it.each([
    ['yan.liang', true],
    ['岩亮2', true],
    ['a', false],
    ['1abc', false],
    ['13812341234', false],
    ['yan liang', false],
    ['<b>x</b>', false],
    ['a'.repeat(33), false],
  ])('username %s: %s', (text, fits) => expect(isUsername(text)).toBe(fits));

  it('keeps usernames in one form', () => expect(normaliseUsername(' Ｙan ')).toBe('yan'));
});

describe('passwords', () => {
  it.each([
    ['short', 'yan', 'too_small'],
    ['x'.repeat(201), 'yan', 'too_big'],
    ['88888888', 'yan', 'common'],
    ['123456789', 'yan', 'common'],
    ['Password1', 'yan', 'common'],
    ['Yan.Liang', 'yan.liang', 'like-username'],
    ['xiangbo-demo', 'admin', undefined],
    ['咖啡和遮放贡米真好', 'yan', undefined],
  ])('%s of %s: %s', (password, username, fault) => expect(faultOfPassword(password, username)).toBe(fault));
});

describe('roles', () => {
  it.each<[Role, GrantLevel, boolean]>([
    ['trainee', 'village', true],
    ['trainer', 'prefecture', true],
    ['trainer', 'everywhere', false],
    ['station', 'village', true],
    ['station', 'prefecture', false],
    ['county-official', 'county', true],
    ['county-official', 'prefecture', false],
    ['county-official', 'township', false],
    ['prefecture-official', 'prefecture', true],
    ['prefecture-official', 'county', false],
    ['administrator', 'everywhere', true],
    ['administrator', 'village', false],
    ['auditor', 'everywhere', true],
  ])('%s for a %s: %s', (role, level, fits) => expect(roleFitsLevel(role, level)).toBe(fits));

  const caller = (...grants: Grant[]): Caller => ({ accountId: 'a', personId: 'p', grants });
  const grant = (role: Role, regionCode: string): Grant => ({ role, regionCode });
  it.each<[string, Caller, Grant[], boolean]>([
    ['a trainer for a trainee', caller(grant('trainer', '533103')), [grant('trainee', '533103')], true],
    ['a station for a host', caller(grant('station', '533103')), [grant('host', '533103')], true],
    ['a trainer for a trainer', caller(grant('trainer', '533103')), [grant('trainer', '533103')], false],
    [
      'a trainer for an administrator',
      caller(grant('trainer', '533103')),
      [grant('trainee', '533103'), grant('administrator', '533103')],
      false,
    ],
    [
      'an administrator for a trainer of the county',
      caller(grant('administrator', '533103')),
      [grant('trainer', '533103001')],
      true,
    ],
    [
      'a county administrator for an official of the prefecture',
      caller(grant('administrator', '533103')),
      [grant('prefecture-official', '533100')],
      false,
    ],
    [
      'a prefecture administrator for the first administrator',
      caller(grant('administrator', '533100')),
      [grant('administrator', EVERYWHERE)],
      false,
    ],
    [
      'a county administrator for one with a role in a sibling',
      caller(grant('administrator', '533103')),
      [grant('trainer', '533103'), grant('trainer', '533124')],
      false,
    ],
  ])('a code by %s: %s', (_, who, target, allowed) => expect(mayResetHolderOf(who, target)).toBe(allowed));

  it.each<[Role, string[]]>([
    ['trainee', ['learn']],
    ['host', ['learn', 'broadcast']],
    ['trainer', ['learn', 'teach', 'broadcast', 'people']],
    ['station', ['learn', 'broadcast', 'people', 'merging']],
    ['county-official', ['learn', 'programme']],
    ['administrator', ['learn', 'teach', 'broadcast', 'people', 'merging', 'programme', 'administration']],
  ])('%s is offered %s', (role, offered) => {
    const sections = sectionsFor(caller(grant(role, '533103')));
    expect(Object.keys(sections).filter((name) => sections[name as keyof typeof sections])).toEqual(offered);
  });

  it.each([
    ['id-document', { idNumber: false, phone: true }, 'idNumber'],
    ['id-document', { idNumber: true, phone: false }, undefined],
    ['phone', { idNumber: true, phone: false }, 'phone'],
    ['village-roster', { idNumber: false, phone: false }, undefined],
  ] as const)('verification by %s with %o lacks %s', (source, held, missing) =>
    expect(missingForSource(source, held)).toBe(missing),
  );
});

describe('addresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['unknown', 'unknown'],
  ])('%s is counted as %s', (address, key) => expect(addressKey(address)).toBe(key));
});
