import { expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { macOf, sessionKey, tacKey } from './purse-crypto.ts';

const hex = (bytes: Uint8Array) => hexOf(bytes);

it('makes the keys and MACs of the published load', () => {
  const session = sessionKey(bytesOf('11223344556677888877665544332211'), bytesOf('1122334400008000'));
  expect(hex(session)).toBe('9B1D924E05595603');
  const [amount, type, terminal] = [bytesOf('00001000'), bytesOf('01'), bytesOf('001122334455')];
  expect(hex(macOf(session, bytesOf('00000000'), amount, type, terminal))).toBe('2988AE5A');
  expect(hex(macOf(session, amount, type, terminal, bytesOf('20111221'), bytesOf('214822')))).toBe('3A845BF0');
});

it('makes the keys and MACs of the sheet’s purchase', () => {
  const key = bytesOf('0123456789ABCDEFFEDCBA9876543210');
  const session = sessionKey(key, bytesOf('A1B2C3D400120077'));
  expect(hex(session)).toBe('7DB3BDDF1C0C4039');
  const [amount, type, terminal] = [bytesOf('000000C8'), bytesOf('06'), bytesOf('440113000001')];
  expect(hex(macOf(session, amount, type, terminal, bytesOf('20240501'), bytesOf('083015')))).toBe('7CDC1A59');
  expect(hex(macOf(session, amount))).toBe('134D33E8');
});

it('folds the TAC key (its worked TAC was made with a key the sheet does not give)', () => {
  expect(hex(tacKey(bytesOf('0123456789ABCDEFFEDCBA9876543210')))).toBe('FFFFFFFFFFFFFFFF');
});

it('pads whole blocks with a block', () => {
  expect(macOf(bytesOf('7DB3BDDF1C0C4039'), new Uint8Array(8))).toHaveLength(4);
  expect(hex(macOf(bytesOf('7DB3BDDF1C0C4039'), new Uint8Array(8)))).not.toBe(
    hex(macOf(bytesOf('7DB3BDDF1C0C4039'), new Uint8Array(7))),
  );
});
