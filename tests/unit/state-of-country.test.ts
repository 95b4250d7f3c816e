/** The state in a form of an address, when its country changes. */
import { expect, test } from '@jest/globals';
import { stateOfCountry } from '../../client-sdk/parts/data/state-of-country.ts';
import { statesOf } from '../../models/contract/typed/places.ts';

const initial = { country: 'NG', state: 'Lagos' };
const errors = { state: 'Choose the state.' };
const stateIn = (country: string, change: object = {}) =>
  stateOfCountry({ country, initial, states: statesOf(country), errors: {}, outdated: null, ...change });

test('a saved state stays with its country, and another country begins without one', () => {
  expect(stateIn('NG').value).toBe('Lagos');
  expect(stateIn('GB').value).toBe('');
  expect(stateIn('NG', { initial: { country: 'GB', state: 'Kent' } }).value).toBe('');
  expect(stateIn('GB', { initial: { country: 'GB', state: 'Kent' } }).value).toBe('Kent');
});

test('a state that the list does not have is chosen anew', () => {
  expect(stateIn('NG', { initial: { country: 'NG', state: 'Biafra' } }).value).toBe('');
});

test('the fault of a state goes with its country, and stands again after the next attempt', () => {
  expect(stateIn('NG', { errors }).error).toBe(errors.state);
  expect(stateIn('GB', { errors, outdated: errors }).error).toBeUndefined();
  expect(stateIn('GB', { errors: { ...errors }, outdated: errors }).error).toBe(errors.state);
});
